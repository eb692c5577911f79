using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Faktory.Server.Config;

namespace Faktory.Server.Cli;

/// <summary><c>healthcheck</c>: asks /readyz of the server beside it. For containers, which have neither a shell nor curl.</summary>
static class HealthcheckCommand
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    internal static Command Create(Option<string> admin, TimeProvider clock)
    {
        var command = new Command("healthcheck", "ask the server's admin port whether it serves commands; exit code 0 or 1") { admin };
        command.SetAction(async (flags, cancel) =>
        {
            var binding = flags.GetValue(admin) ?? Environment.GetEnvironmentVariable("FAKTORY_ADMIN_BINDING");
            if (string.IsNullOrEmpty(binding))
            {
                await Console.Error.WriteLineAsync("faktory-server: --admin or FAKTORY_ADMIN_BINDING must say where to ask");
                return 1;
            }
            return await RunAsync(Dialable(Binding.Parse(binding)), clock, cancel);
        });
        return command;
    }

    static async Task<int> RunAsync(IPEndPoint endpoint, TimeProvider clock, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(AnswerWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            var answer = await AskAsync(endpoint, either.Token);
            await Console.Out.WriteLineAsync(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
            return answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? 0 : 1;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {endpoint} does not answer: {e.Message}");
            return 1;
        }
    }

    // An HTTP client would add a megabyte to the program for these two lines.
    static async Task<string> AskAsync(IPEndPoint endpoint, CancellationToken cancel)
    {
        using var client = new TcpClient(endpoint.AddressFamily);
        await client.ConnectAsync(endpoint, cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /readyz HTTP/1.0\r\nHost: {endpoint}\r\n\r\n"), cancel);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel);
    }

    // Every address of the machine is somewhere to listen, not somewhere to call.
    static IPEndPoint Dialable(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, endpoint.Port)
        : endpoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, endpoint.Port)
        : endpoint;
}
