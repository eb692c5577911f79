using System.CommandLine;
using Faktory.Server.Maintenance;
using Faktory.Server.Storage;

namespace Faktory.Server.Cli;

/// <summary><c>repair</c>: makes a new data folder of what can still be read of a damaged one, which is never touched.</summary>
static class RepairCommand
{
    static readonly Argument<string> Target = new("new-folder") { Description = "becomes the new data folder; must not exist, or be empty" };

    internal static Command Create() =>
        new Command("repair", "save what can be read of a damaged data folder into a new one; exit code 3 when something was lost")
        {
            Target, Flags.Data, Flags.Environment, Flags.Json,
        }.Does((flags, _) => RunAsync(flags));

    static async Task<int> RunAsync(ParseResult flags)
    {
        var target = Path.GetFullPath(flags.GetValue(Target)!);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new IOException($"{target} is not empty; name a folder that does not exist yet");
        using var damaged = StoppedStore.Open(Flags.DataOf(flags));
        using var repaired = DataFolder.Open(target);
        using var progress = new Progress("saving", "records");
        var repair = StoreRepair.Run(damaged.CurrentPath, repaired.PathOf("copy"), repaired.CurrentPath, progress.Report);
        var result = new RepairResult(target, repair.Saved, repair.Expected, repair.Lost.Count, repair.Lost.Kept);
        await Verb.PrintAsync(flags, result, CliJson.Default.RepairResult, Describe(result));
        return repair.Lost.Count == 0 ? ExitCode.Ok : ExitCode.Damaged;
    }

    static string Describe(RepairResult result)
    {
        var lines = result.Lost.Select(f => $"lost {f.Where}: {f.What}").ToList();
        if (result.LostCount > result.Lost.Count)
            lines.Add($"… and {result.LostCount - result.Lost.Count} more");
        lines.Add($"saved {result.Saved.Describe()}");
        lines.Add($"serve it with -d {result.Data}; the damaged folder was not touched");
        return string.Join('\n', lines);
    }
}
