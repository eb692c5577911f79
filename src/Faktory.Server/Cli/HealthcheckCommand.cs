using System.CommandLine;
using System.Net.Sockets;
using Faktory.Server.Cli.Wire;

namespace Faktory.Server.Cli;

/// <summary>
/// <c>healthcheck</c>: asks /readyz of the server beside it, or, where it has no admin port, waits for its greeting. For containers, which have
/// neither a shell nor curl.
/// </summary>
static class HealthcheckCommand
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    internal static Command Create(TimeProvider clock) =>
        new Command("healthcheck", "ask the server whether it serves commands: its admin port, or else the address of FAKTORY_URL; exit code 0 or 1")
        {
            Flags.Admin, Flags.Url,
        }.Does((flags, cancel) => Flags.AdminOf(flags) is { } binding
            ? WithinAsync(clock, binding, timely => AskAsync(new AdminClient(binding, token: null), timely), cancel)
            : GreetAsync(ServerUrl.Find(flags.GetValue(Flags.Url), Flags.Variable), clock, cancel));

    static Task<int> GreetAsync(ServerUrl url, TimeProvider clock, CancellationToken cancel) => WithinAsync(clock, url.ToString(), async timely =>
    {
        await WireConnection.GreetAsync(url, timely);
        return ExitCode.Ok;
    }, cancel);

    static async Task<int> AskAsync(AdminClient admin, CancellationToken cancel)
    {
        await using var answer = await admin.SendAsync("GET", "/readyz", cancel);
        await Console.Out.WriteLineAsync(await answer.ReadTextAsync(cancel));
        return answer.Status == 200 ? ExitCode.Ok : ExitCode.Failed;
    }

    static async Task<int> WithinAsync(TimeProvider clock, string server, Func<CancellationToken, Task<int>> ask, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(AnswerWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            return await ask(either.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"faktory-server: {server} does not answer: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
