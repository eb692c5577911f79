using System.CommandLine;
using Faktory.Server.Maintenance;
using Faktory.Server.Storage;

namespace Faktory.Server.Cli;

/// <summary><c>restore</c>: puts a backup into the data folder of a stopped server.</summary>
static class RestoreCommand
{
    static readonly Argument<string> Backup = new("backup") { Description = "a backup: its folder or its .tar file" };

    internal static Command Create(TimeProvider clock) =>
        new Command("restore", "put a backup into the data folder of a stopped server, after comparing all its hashes")
        {
            Backup, Replacing.Force, Flags.Data, Flags.Environment, Flags.Json,
        }.Does((flags, cancel) => RunAsync(flags, clock, cancel));

    static async Task<int> RunAsync(ParseResult flags, TimeProvider clock, CancellationToken cancel)
    {
        var backup = flags.GetValue(Backup)!;
        if (!BackupSet.Is(backup))
            throw new InvalidDataException($"{backup} is not a backup: neither a folder with a {BackupSet.ManifestFile} nor a .tar file");
        var data = Path.GetFullPath(Flags.DataOf(flags));
        using var folder = DataFolder.Open(data);
        _ = Replacing.Previous(folder, flags);
        var (counts, previous) = await StoppedStore.RestoreAsync(folder, backup, clock.GetUtcNow(), cancel);
        await Verb.PrintAsync(
            flags, new RestoreResult(data, counts, previous), CliJson.Default.RestoreResult,
            $"{data}: {counts.Describe()}{(previous is null ? "" : "\n" + Replacing.Describe(previous))}");
        return ExitCode.Ok;
    }
}
