using System.CommandLine;
using System.Globalization;
using Faktory.Server.Admin;
using Faktory.Server.Maintenance;

namespace Faktory.Server.Cli;

/// <summary><c>verify</c>: reads every record of a stopped server's data, or of a backup, and says what is wrong. Changes nothing.</summary>
static class VerifyCommand
{
    static readonly Argument<string> Backup = new("backup")
    {
        Description = "a backup: its folder or its .tar file; without one, the data folder",
        Arity = ArgumentArity.ZeroOrOne,
    };

    internal static Command Create() =>
        new Command("verify", "read every record of a stopped server, or of a backup, and say what is wrong; exit code 3 when something is")
        {
            Backup, Flags.Data, Flags.Environment, Flags.Json,
        }.Does(RunAsync);

    static async Task<int> RunAsync(ParseResult flags, CancellationToken cancel)
    {
        var check = flags.GetValue(Backup) is { } backup ? await CheckBackupAsync(backup, cancel) : CheckData(Flags.DataOf(flags));
        var found = check.Findings;
        var result = new VerifyResult(found.Count == 0, check.Records, check.Counts, found.Count, found.Kept);
        await Verb.PrintAsync(flags, result, CliJson.Default.VerifyResult, Describe(result));
        return result.IsSound ? ExitCode.Ok : ExitCode.Damaged;
    }

    static StoreCheck CheckData(string data)
    {
        using var folder = StoppedStore.Open(data);
        using var progress = new Progress("reading", "records");
        return StoreCheck.Run(folder.CurrentPath, progress.Report);
    }

    static async Task<StoreCheck> CheckBackupAsync(string backup, CancellationToken cancel)
    {
        if (!BackupSet.Is(backup))
            throw new InvalidDataException($"{backup} is not a backup: neither a folder with a {BackupSet.ManifestFile} nor a .tar file");
        // A copy: an archive has to be unpacked anyway, and a backup must not be touched.
        var copy = Directory.CreateTempSubdirectory("faktory-verify-").FullName;
        try
        {
            var store = Path.Combine(copy, "store");
            var expected = await BackupSet.ExtractAsync(backup, store, cancel);
            var mismatch = await StagedStore.CompareAsync(store, expected.Files!, cancel);
            using var progress = new Progress("reading", "records", expected.Counts!.Queued + expected.Counts.Scheduled);
            var check = StoreCheck.Run(store, progress.Report);
            if (mismatch is not null)
                check.Findings.Add(backup, mismatch);
            if (check.Counts != expected.Counts)
                check.Findings.Add(backup, $"it holds {check.Counts.Describe()}, and should hold {expected.Counts!.Describe()}");
            return check;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    static string Describe(VerifyResult result)
    {
        var lines = result.Findings.Select(f => $"{f.Where}: {f.What}").ToList();
        if (result.FindingsCount > result.Findings.Count)
            lines.Add($"… and {result.FindingsCount - result.Findings.Count} more");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Records:n0} records read: {result.Counts.Describe()}"));
        lines.Add(result.IsSound ? "sound" : $"damaged: {result.FindingsCount} findings. Restore a backup, or save what can be read: faktory-server repair");
        return string.Join('\n', lines);
    }
}
