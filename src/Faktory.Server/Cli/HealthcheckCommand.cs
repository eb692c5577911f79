using System.CommandLine;
using System.Net.Sockets;

namespace Faktory.Server.Cli;

/// <summary><c>healthcheck</c>: asks /readyz of the server beside it. For containers, which have neither a shell nor curl.</summary>
static class HealthcheckCommand
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    internal static Command Create(TimeProvider clock)
    {
        var command = new Command("healthcheck", "ask the server's admin port whether it serves commands; exit code 0 or 1") { Flags.Admin };
        command.SetAction(async (flags, cancel) =>
        {
            var binding = Flags.AdminOf(flags);
            if (binding is null)
            {
                await Console.Error.WriteLineAsync("faktory-server: --admin or FAKTORY_ADMIN_BINDING must say where to ask");
                return ExitCode.Failed;
            }
            return await RunAsync(new AdminClient(binding, token: null), clock, cancel);
        });
        return command;
    }

    static async Task<int> RunAsync(AdminClient admin, TimeProvider clock, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(AnswerWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            await using var answer = await admin.SendAsync("GET", "/readyz", either.Token);
            await Console.Out.WriteLineAsync(await answer.ReadTextAsync(either.Token));
            return answer.Status == 200 ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {admin.Endpoint} does not answer: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
