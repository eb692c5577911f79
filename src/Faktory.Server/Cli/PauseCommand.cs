using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Faktory.Server.Cli.Wire;

namespace Faktory.Server.Cli;

/// <summary><c>pause</c> and <c>resume</c>: whether workers are given jobs of some queues.</summary>
static class PauseCommand
{
    static readonly Argument<string[]> Queues = new("queue") { Description = "their names; \"*\" for all", Arity = ArgumentArity.OneOrMore };
    static readonly Option<string> Reason = new("--reason") { Description = "why, for people; shown on the page Queues", HelpName = "text" };
    static readonly Option<DateTimeOffset?> Until = new("--until")
    {
        Description = "when it ends by itself, such as 2030-01-02T03:04:05Z",
        HelpName = "time",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
            result.AddError($"--until: {result.Tokens[0].Value} is no time");
            return null;
        },
    };

    internal static Command Create() =>
        new Command("pause", "give out no jobs of these queues, on the server that FAKTORY_URL names") { Queues, Reason, Until, Flags.Url }.Does((flags, cancel) =>
        {
            var details = new JsonObject();
            if (flags.GetValue(Reason) is { } reason)
                details["reason"] = reason;
            if (flags.GetValue(Until) is { } until)
                details["until"] = until.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            return SendAsync(flags, "PAUSE", details.Count == 0 ? "" : " " + details.ToJsonString(), cancel);
        });

    internal static Command CreateResume() =>
        new Command("resume", "give out jobs of these queues again, on the server that FAKTORY_URL names") { Queues, Flags.Url }.Does((flags, cancel) => SendAsync(flags, "RESUME", "", cancel));

    static async Task<int> SendAsync(ParseResult flags, string action, string details, CancellationToken cancel)
    {
        var names = flags.GetValue(Queues)!;
        // The server splits at spaces and begins the details at a brace, and whatever stands behind a line break would be another command.
        if (names.FirstOrDefault(n => n != "*" && !Jobs.Submission.IsQueueName(n)) is { } wrong)
            throw new InvalidDataException($"\"{wrong}\" is no name of a queue");
        await using var server = await WireConnection.OpenAsync(ServerUrl.Find(flags.GetValue(Flags.Url), Flags.Variable), cancel);
        var reply = await server.CallAsync($"QUEUE {action} {string.Join(' ', names)}{details}", cancel);
        return reply.IsError ? throw new IOException($"the server refused: {reply.Line[1..]}") : ExitCode.Ok;
    }
}
