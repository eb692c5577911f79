using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Faktory.Server.Config;

namespace Faktory.Server.Cli;

/// <summary>
/// Calls a server's admin port. HTTP/1.0, one connection a call: bodies end where the connection does or where their length says. An HTTP
/// client would add a megabyte to the program for this.
/// </summary>
/// <param name="binding">Where the server listens; an address that binds all interfaces means loopback here.</param>
/// <param name="token">The admin token, if it is needed.</param>
sealed class AdminClient(string binding, string? token)
{
    const int HeadBytesMax = 16 << 10;

    internal IPEndPoint Endpoint { get; } = Dialable(Binding.Parse(binding));

    /// <exception cref="IOException">It does not answer, or not in HTTP.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    internal async Task<AdminAnswer> SendAsync(string method, string path, CancellationToken cancel)
    {
        var client = new TcpClient(Endpoint.AddressFamily);
        try
        {
            await client.ConnectAsync(Endpoint, cancel);
            var stream = client.GetStream();
            var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.0\r\nHost: {Endpoint}\r\n{authorization}Content-Length: 0\r\n\r\n"), cancel);
            var head = await ReadHeadAsync(stream, cancel);
            if (!head.StartsWith("HTTP/1.", StringComparison.Ordinal) || head.Length < 12 || !int.TryParse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                throw new IOException($"{Endpoint} does not speak HTTP: is it the admin port?");
            return new AdminAnswer(client, stream, status);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    // Byte by byte: what follows belongs to the body.
    static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancel)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'] && head.Count < HeadBytesMax && await stream.ReadAsync(one, cancel) == 1)
            head.Add(one[0]);
        return Encoding.ASCII.GetString([.. head]);
    }

    static IPEndPoint Dialable(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, endpoint.Port) : endpoint;
}

/// <summary>The status of an answer and its body, which is read as it comes.</summary>
sealed class AdminAnswer(TcpClient client, Stream body, int status) : IAsyncDisposable
{
    /// <summary>What to do about a refusal, to stand behind it; mostly nothing.</summary>
    internal static string Advice(int status) => status == 401 ? "; give the token by --token, FAKTORY_ADMIN_TOKEN or --instance-file" : "";

    internal int Status => status;

    internal Stream Body => body;

    internal async Task<string> ReadTextAsync(CancellationToken cancel)
    {
        using var reader = new StreamReader(body, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(cancel);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
