using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Faktory.Server.Admin;
using Faktory.Server.Maintenance;

namespace Faktory.Server.Cli;

/// <summary><c>backup</c>: a consistent copy of all jobs, of a running server through its admin port, of a stopped one from its data folder.</summary>
static class BackupCommand
{
    static readonly Argument<string> Folder = new("folder") { Description = "where backups are kept; each gets a name of its own" };
    static readonly Option<bool> Archive = new("--archive") { Description = "one .tar file instead of a folder" };

    internal static Command Create(TimeProvider clock) =>
        new Command("backup", "copy all jobs: with --admin from a running server, else from the data folder of a stopped one")
        {
            Folder, Archive, Flags.Admin, Flags.Token, Flags.Instance, Flags.Data, Flags.Environment, Flags.Json,
        }.Does((flags, cancel) => RunAsync(flags, clock, cancel));

    static async Task<int> RunAsync(ParseResult flags, TimeProvider clock, CancellationToken cancel)
    {
        var (backup, path) = Flags.AdminOf(flags) is { } binding
            ? await PullAsync(flags, new AdminClient(binding, Flags.TokenOf(flags)), cancel)
            : await CopyAsync(flags, clock, cancel);
        var bytes = backup.Files.Sum(f => f.Bytes);
        await Verb.PrintAsync(
            flags, new BackupResult(path, backup.Id, bytes, backup.Files.Length, backup.Counts), CliJson.Default.BackupResult,
            string.Create(CultureInfo.InvariantCulture, $"{path}: {backup.Counts.Describe()}; {bytes:n0} bytes in {backup.Files.Length} files"));
        return ExitCode.Ok;
    }

    static async Task<(BackupBody Backup, string Path)> PullAsync(ParseResult flags, AdminClient admin, CancellationToken cancel)
    {
        await using var answer = await admin.SendAsync("POST", "/admin/backups", cancel);
        if (answer.Status != 201)
            throw new IOException($"{admin.Endpoint} refused: {await answer.ReadTextAsync(cancel)}{AdminAnswer.Advice(answer.Status)}");
        var backup = (await JsonSerializer.DeserializeAsync(answer.Body, AdminJson.Default.BackupBody, cancel))!;
        try
        {
            return (backup, await WriteAsync(flags, backup, async file =>
            {
                var got = await admin.SendAsync("GET", $"/admin/backups/{backup.Id}/files/{file.Name}", cancel);
                return got.Status == 200 ? got.Body : throw new IOException($"{admin.Endpoint} does not give {file.Name}: {got.Status}");
            }, cancel));
        }
        finally
        {
            // It would keep deleted jobs on the server's disk for as long as it lies there.
            await using var removed = await admin.SendAsync("DELETE", $"/admin/backups/{backup.Id}", CancellationToken.None);
        }
    }

    static async Task<(BackupBody Backup, string Path)> CopyAsync(ParseResult flags, TimeProvider clock, CancellationToken cancel)
    {
        using var folder = StoppedStore.Open(Flags.DataOf(flags));
        var (backup, path) = await StoppedStore.CheckpointAsync(folder, clock.GetUtcNow(), cancel);
        try
        {
            return (backup, await WriteAsync(flags, backup, file => Task.FromResult<Stream>(File.OpenRead(Path.Combine(path, file.Name))), cancel));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    static async Task<string> WriteAsync(ParseResult flags, BackupBody backup, Func<StoredFile, Task<Stream>> open, CancellationToken cancel)
    {
        using var progress = new Progress("copying", "bytes", backup.Files.Sum(f => f.Bytes));
        return await BackupSet.WriteAsync(flags.GetValue(Folder)!, backup, open, flags.GetValue(Archive), progress.Report, cancel);
    }
}
