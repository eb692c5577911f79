using System.CommandLine;
using System.Text.Json;

namespace Faktory.Server.Cli;

/// <summary><c>cron</c>: what the clock enqueues on a running server; <c>cron run</c>, <c>pause</c> and <c>resume</c> of one entry.</summary>
static class CronCommand
{
    static readonly Argument<string> Id = new("id") { Description = "as the list has it" };

    internal static Command Create()
    {
        var list = new Command("list", "show what the clock enqueues; the same as cron alone").Does(ListAsync);
        var command = new Command("cron", "show what the clock enqueues on the running server at --admin, run it now, or pause it")
        {
            list,
            Act("run", "enqueue its job now, beside its times"),
            Act("pause", "let its times pass; they are not made up for"),
            Act("resume", "let it run at its times again"),
        };
        foreach (var option in AdminQuestion.Options)
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
        return command.Does(ListAsync);
    }

    static Command Act(string action, string description) => new Command(action, description) { Id }.Does(async (flags, cancel) =>
    {
        await AdminQuestion.AskAsync(flags, "POST", $"/admin/cron?action={action}&id={Uri.EscapeDataString(flags.GetValue(Id)!)}", cancel);
        return ExitCode.Ok;
    });

    static async Task<int> ListAsync(ParseResult flags, CancellationToken cancel) =>
        await AdminQuestion.PrintAsync(flags, await AdminQuestion.AskAsync(flags, "GET", "/admin/cron", cancel), Describe);

    static string Describe(JsonElement answer)
    {
        var table = new TextTable("id", "schedule", "zone", "job", "queue", "last run", "next run", "problem");
        foreach (var run in answer.GetProperty("cron").EnumerateArray())
        {
            JsonElement? Optional(string name) => run.TryGetProperty(name, out var value) ? value : null;
            table.Add(
                run.GetProperty("id"), run.GetProperty("schedule"), run.GetProperty("time_zone"), run.GetProperty("type"), run.GetProperty("queue"), Optional("last_run_at"),
                run.GetProperty("paused").GetBoolean() ? JsonElement.Parse("\"paused\"") : Optional("next_run_at"), Optional("problem"));
        }
        return table.ToString();
    }
}
