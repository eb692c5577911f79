using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Faktory.Server.Config;
using Faktory.Server.Connections;

namespace Faktory.Server.Telemetry;

/// <summary>
/// Sends the metrics to an OpenTelemetry collector. The format is written here and sent over a plain socket: the SDK and an HTTP client
/// would cost every server megabytes, whether or not it sends anything.
/// </summary>
static class OtlpExport
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    internal static PeriodicExport Start(ServerState state, OtlpSettings settings)
    {
        var startedAt = state.Clock.GetUtcNow();
        return new PeriodicExport(state, settings.Every, async (metrics, cancel) =>
        {
            using var timeout = new CancellationTokenSource(AnswerWithin, state.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
            await PostAsync(settings, OtlpJson.Write(metrics, settings.ServiceName, startedAt, state.Clock.GetUtcNow()), either.Token);
        });
    }

    static async Task PostAsync(OtlpSettings settings, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var endpoint = settings.Endpoint;
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint.DnsSafeHost, endpoint.Port, cancel);
        await using var stream = await ProtectAsync(client.GetStream(), endpoint, cancel);
        var head = new StringBuilder($"POST {endpoint.PathAndQuery} HTTP/1.0\r\nHost: {endpoint.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n");
        foreach (var (name, value) in settings.Headers)
            head.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), cancel);
        await stream.WriteAsync(body, cancel);
        // What it answers changes nothing here, but hanging up before would look like a failure there.
        var answer = new byte[1024];
        while (await stream.ReadAsync(answer, cancel) > 0)
        {
        }
    }

    static async Task<Stream> ProtectAsync(NetworkStream stream, Uri endpoint, CancellationToken cancel)
    {
        if (endpoint.Scheme == "http")
            return stream;
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = endpoint.DnsSafeHost }, cancel);
            return tls;
        }
        catch (System.Security.Authentication.AuthenticationException e)
        {
            await tls.DisposeAsync();
            throw new IOException(e.Message, e);
        }
    }
}
