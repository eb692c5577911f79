using System.CommandLine;
using Faktory.Server.Maintenance;

namespace Faktory.Server.Cli;

/// <summary><c>purge</c>: removes all but the newest backups.</summary>
static class PurgeCommand
{
    static readonly Argument<string> Folder = new("folder") { Description = "where backups are kept" };
    static readonly Option<int> Keep = new("--keep") { Description = "how many of the newest stay", DefaultValueFactory = _ => 24 };

    internal static Command Create() =>
        new Command("purge", "remove all but the newest backups of a folder") { Folder, Keep, Flags.Json }.Does((flags, _) => RunAsync(flags));

    static async Task<int> RunAsync(ParseResult flags)
    {
        var keep = flags.GetValue(Keep);
        if (keep < 1)
            throw new InvalidDataException("--keep must be at least 1: a purge never removes the last backup");
        var backups = BackupSet.List(flags.GetValue(Folder)!).ToArray();
        var removed = backups.SkipLast(keep).ToArray();
        foreach (var backup in removed)
        {
            if (File.Exists(backup))
                File.Delete(backup);
            else
                Directory.Delete(backup, recursive: true);
        }
        await Verb.PrintAsync(
            flags, new PurgeResult(backups.Length - removed.Length, removed), CliJson.Default.PurgeResult,
            string.Join('\n', [.. removed.Select(path => $"removed {path}"), $"{backups.Length - removed.Length} backups kept, {removed.Length} removed"]));
        return ExitCode.Ok;
    }
}
