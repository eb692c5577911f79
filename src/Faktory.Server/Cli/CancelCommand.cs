using System.CommandLine;
using System.Text.Json.Nodes;
using Faktory.Server.Cli.Wire;

namespace Faktory.Server.Cli;

/// <summary><c>cancel</c>: takes jobs back by their ids, wherever they are.</summary>
static class CancelCommand
{
    static readonly Argument<string[]> Jids = new("jid") { Description = "the ids of the jobs", Arity = ArgumentArity.OneOrMore };

    internal static Command Create() =>
        new Command("cancel", "delete jobs that wait, are scheduled, are to be retried or are at work, on the server that FAKTORY_URL names") { Jids, Flags.Url }.Does(RunAsync);

    static async Task<int> RunAsync(ParseResult flags, CancellationToken cancel)
    {
        await using var server = await WireConnection.OpenAsync(ServerUrl.Find(flags.GetValue(Flags.Url), Flags.Variable), cancel);
        var code = ExitCode.Ok;
        foreach (var jid in flags.GetValue(Jids)!)
        {
            var reply = await server.CallAsync($"CANCEL {new JsonObject { ["jid"] = jid }.ToJsonString()}", cancel);
            if (!reply.IsError)
                continue;
            await Console.Error.WriteLineAsync($"faktory-server cancel: {jid}: {reply.Line[1..]}");
            code = ExitCode.Failed;
        }
        return code;
    }
}
