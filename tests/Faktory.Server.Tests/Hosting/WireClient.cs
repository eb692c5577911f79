using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Faktory.Server.Tests.Hosting;

/// <summary>Sends bytes and shows bytes. It knows how replies are framed, and nothing else.</summary>
sealed class WireClient : IAsyncDisposable
{
    readonly Stream _stream;
    readonly Socket? _socket;
    readonly byte[] _buffer = new byte[64 << 10];
    int _start;
    int _end;

    internal WireClient(Stream stream, Socket? socket = null)
    {
        _stream = stream;
        _socket = socket;
    }

    internal static async Task<WireClient> DialAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = new CancellationTokenSource(Patience.Limit);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
        return new WireClient(new NetworkStream(socket, ownsSocket: true), socket);
    }

    internal Stream Stream => _stream;

    /// <summary>Says that nothing more will be sent, and goes on reading.</summary>
    internal void CloseSending() => _socket!.Shutdown(SocketShutdown.Send);

    /// <summary>Begins TLS with a server whose certificate has to be <paramref name="trusted"/>.</summary>
    internal async Task<WireClient> SecureAsync(X509Certificate2 trusted, SslProtocols version = SslProtocols.None)
    {
        var tls = new SslStream(_stream);
        using var patience = new CancellationTokenSource(Patience.Limit);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = version,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    RevocationMode = X509RevocationMode.NoCheck,
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { trusted },
                },
            },
            patience.Token);
        return new WireClient(tls, _socket);
    }

    /// <summary>Hangs up at once, as a program that is killed does, whatever is still under way.</summary>
    internal void Reset()
    {
        _socket!.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    internal Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    internal async Task SendAsync(byte[] bytes)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        await _stream.WriteAsync(bytes, patience.Token);
    }

    /// <summary>Sends one line and reads its answer as <see cref="ReadAsync"/> does.</summary>
    internal async Task<string?> CallAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReadAsync();
    }

    /// <summary>One answer: <c>+text</c> or <c>-CODE text</c> as it is, what a bulk holds, null for <c>$-1</c>.</summary>
    internal async Task<string?> ReadAsync()
    {
        var line = await ReadLineAsync();
        if (line is not ['$', ..])
            return line;
        var length = int.Parse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (length < 0)
            return null;
        var bulk = await ReadBytesAsync(length + 2);
        bulk[^2..].ShouldBe("\r\n"u8.ToArray());
        return Encoding.UTF8.GetString(bulk.AsSpan(0, length));
    }

    /// <summary>One answer, which may echo bytes that are not text.</summary>
    internal async Task ReadBulkOrLineAsync()
    {
        var first = await ReadBytesAsync(1);
        var line = await ReadLineAsync();
        if (first[0] == '$' && line != "-1")
            await ReadBytesAsync(int.Parse(line, CultureInfo.InvariantCulture) + 2);
    }

    /// <summary>As <see cref="ReadAsync"/>, and null also when the server hung up instead of answering.</summary>
    internal async Task<string?> TryReadAsync() => _start < _end || await FillAsync() ? await ReadAsync() : null;

    /// <summary>Up to the next CRLF, which must not hold a lone CR or LF.</summary>
    internal async Task<string> ReadLineAsync()
    {
        var line = new List<byte>();
        while (line is not [.., (byte)'\r', (byte)'\n'])
            line.AddRange(await ReadBytesAsync(1));
        var text = Encoding.UTF8.GetString(line.ToArray().AsSpan(0, line.Count - 2));
        text.IndexOfAny(['\r', '\n']).ShouldBe(-1);
        return text;
    }

    /// <summary>Exactly so many bytes, to be compared one by one.</summary>
    internal async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            if (_start == _end)
                (await FillAsync()).ShouldBeTrue($"the server hung up after {read} of {count} bytes");
            var part = Math.Min(count - read, _end - _start);
            _buffer.AsSpan(_start, part).CopyTo(bytes.AsSpan(read));
            (_start, read) = (_start + part, read + part);
        }
        return bytes;
    }

    /// <summary>Everything that the server still says before it hangs up.</summary>
    internal async Task<string> ReadToEndAsync()
    {
        var rest = new StringBuilder();
        do
        {
            rest.Append(Encoding.UTF8.GetString(_buffer.AsSpan(_start, _end - _start)));
            _start = _end;
        }
        while (await FillAsync());
        return rest.ToString();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    async Task<bool> FillAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        try
        {
            (_start, _end) = (0, await _stream.ReadAsync(_buffer, patience.Token));
            return _end > 0;
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // A server that hangs up while bytes for it are under way is seen like this.
            _end = 0;
            return false;
        }
    }
}
