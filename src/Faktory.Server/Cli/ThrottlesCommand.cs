using System.CommandLine;
using System.Text.Json;

namespace Faktory.Server.Cli;

/// <summary><c>throttles</c>: what holds jobs of a running server back, and how much of it is used.</summary>
static class ThrottlesCommand
{
    static readonly string[] Columns = ["queue", "jobtype", "used", "concurrency", "worker", "rate", "per", "available", "waits"];

    internal static Command Create()
    {
        var command = new Command("throttles", "show what holds jobs back on the running server at --admin, and how much of it is used");
        foreach (var option in AdminQuestion.Options)
            command.Options.Add(option);
        return command.Does(async (flags, cancel) => await AdminQuestion.PrintAsync(flags, await AdminQuestion.AskAsync(flags, "GET", "/admin/throttles", cancel), Describe));
    }

    static string Describe(JsonElement answer)
    {
        var table = new TextTable(Columns);
        foreach (var throttle in answer.GetProperty("throttles").EnumerateArray())
            table.Add([.. Columns.Select(c => throttle.TryGetProperty(c, out var value) ? value : (JsonElement?)null)]);
        return table.ToString();
    }
}
