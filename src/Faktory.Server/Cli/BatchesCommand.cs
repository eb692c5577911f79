using System.CommandLine;
using System.Text.Json;

namespace Faktory.Server.Cli;

/// <summary><c>batches</c>: how far the batches of a running server are.</summary>
static class BatchesCommand
{
    static readonly Option<string> After = new("--after") { Description = "go on behind this batch: 500 are shown at once", HelpName = "bid" };

    internal static Command Create()
    {
        var command = new Command("batches", "show how far the batches of the running server at --admin are") { After };
        foreach (var option in AdminQuestion.Options)
            command.Options.Add(option);
        return command.Does(RunAsync);
    }

    static async Task<int> RunAsync(ParseResult flags, CancellationToken cancel) => await AdminQuestion.PrintAsync(
        flags, await AdminQuestion.AskAsync(flags, "GET", $"/admin/batches?after={Uri.EscapeDataString(flags.GetValue(After) ?? "")}", cancel), Describe);

    static string Describe(JsonElement answer)
    {
        var table = new TextTable("batch", "state", "jobs", "pending", "failed", "created", "description");
        foreach (var batch in answer.GetProperty("batches").EnumerateArray())
        {
            table.Add(
                batch.GetProperty("bid"), batch.GetProperty("state"), batch.GetProperty("total"), batch.GetProperty("pending"), batch.GetProperty("failed"), batch.GetProperty("created_at"),
                batch.TryGetProperty("description", out var description) ? description : null);
        }
        return answer.TryGetProperty("next", out var next) ? $"{table}more: --after {next}\n" : table.ToString();
    }
}
