using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Faktory.Server.Protocol;

namespace Faktory.Server.Cli.Wire;

/// <summary>An answer of a server: a line as it came, or what a bulk holds.</summary>
/// <param name="Line">Begins with <c>+</c>, <c>-</c>, <c>:</c> or <c>$</c>.</param>
/// <param name="Bulk">The bulk's text; null when there is none.</param>
sealed record WireReply(string Line, string? Bulk)
{
    internal bool IsError => Line.StartsWith('-');
}

/// <summary>One connection to a server that has let us in. Calls one after the other.</summary>
sealed class WireConnection : IAsyncDisposable
{
    readonly TcpClient _client;
    readonly Stream _stream;
    readonly byte[] _buffer = new byte[16 << 10];
    int _start;
    int _end;

    WireConnection(TcpClient client, Stream stream)
    {
        _client = client;
        _stream = stream;
    }

    /// <exception cref="IOException">It is not a Faktory server, or the password is wrong.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    internal static Task<WireConnection> OpenAsync(ServerUrl url, CancellationToken cancel) => OpenAsync(url, isEntering: true, cancel);

    /// <summary>Connects and waits for the greeting, which needs no password.</summary>
    /// <exception cref="IOException">It is not a Faktory server, or does not answer.</exception>
    internal static async Task GreetAsync(ServerUrl url, CancellationToken cancel) => await (await OpenAsync(url, isEntering: false, cancel)).DisposeAsync();

    static async Task<WireConnection> OpenAsync(ServerUrl url, bool isEntering, CancellationToken cancel)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(url.Host, url.Port, cancel);
            var connection = new WireConnection(client, url.IsTls ? await SecureAsync(client, url, cancel) : client.GetStream());
            var challenge = await connection.ReadGreetingAsync(url, cancel);
            if (isEntering)
                await connection.EnterAsync(url, challenge, cancel);
            return connection;
        }
        catch (SocketException e)
        {
            client.Dispose();
            throw new IOException($"{url} does not answer: {e.Message}. FAKTORY_URL or --url says where the server is", e);
        }
        catch (AuthenticationException e)
        {
            client.Dispose();
            throw new IOException($"{url}: {e.Message}", e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The server hung up.</exception>
    internal async Task<WireReply> CallAsync(string line, CancellationToken cancel)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancel);
        var reply = await ReadLineAsync(cancel);
        if (!reply.StartsWith('$') || !int.TryParse(reply.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var length) || length < 0)
            return new WireReply(reply, null);
        var bulk = new byte[length + 2];
        for (var i = 0; i < bulk.Length; i++)
            bulk[i] = await ReadByteAsync(cancel);
        return new WireReply(reply, Encoding.UTF8.GetString(bulk.AsSpan(0, length)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    async Task<JsonElement> ReadGreetingAsync(ServerUrl url, CancellationToken cancel)
    {
        var greeting = await ReadLineAsync(cancel);
        return greeting.StartsWith("+HI {", StringComparison.Ordinal)
            ? JsonElement.Parse(greeting["+HI ".Length..])
            : throw new IOException($"{url} is not a Faktory server");
    }

    async Task EnterAsync(ServerUrl url, JsonElement challenge, CancellationToken cancel)
    {
        var hash = "";
        if (challenge.TryGetProperty("s", out var salt))
        {
            if (url.Password is null)
                throw new IOException($"{url} wants a password: write it into the URL, tcp://:password@{url.Host}:{url.Port}");
            hash = $",\"pwdhash\":\"{Challenge.Hash(url.Password, salt.GetString()!, challenge.GetProperty("i").GetInt32())}\"";
        }
        var reply = await CallAsync($"HELLO {{\"v\":2{hash}}}", cancel);
        if (reply.IsError)
            throw new IOException($"{url} refused: {reply.Line[1..]}");
    }

    async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        var line = new List<byte>();
        while (line is not [.., (byte)'\n'])
            line.Add(await ReadByteAsync(cancel));
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r', '\n');
    }

    async ValueTask<byte> ReadByteAsync(CancellationToken cancel)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancel));
            if (_end == 0)
                throw new IOException("the server hung up");
        }
        return _buffer[_start++];
    }

    static async Task<Stream> SecureAsync(TcpClient client, ServerUrl url, CancellationToken cancel)
    {
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.Host }, cancel);
        return tls;
    }
}
