using System.Net;
using BackupScheduler.Archives;
using BackupScheduler.Instances;
using ControlPlane.Core.Backups;
using Faktory.Client;
using Microsoft.Extensions.Options;

namespace BackupScheduler.Drills;

/// <summary>
/// Restores a backup into a faktory-server that exists for nothing else, exactly as a customer's restore would, and has it count the jobs.
/// One at a time per folder.
/// </summary>
sealed class RestoreDrill(BackupArchives archives, AdminPorts ports, IOptions<BackupSchedulerOptions> options, TimeProvider clock)
{
    static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    string Folder => Path.GetFullPath(Path.Combine(options.Value.DataFolder, "drills"));

    /// <exception cref="BackupDamagedException">It is not possible to start a server from this backup, or it holds other jobs than it should.</exception>
    internal async Task RunAsync(Backup backup, CancellationToken cancel)
    {
        var archive = archives.Open(backup);
        var manifest = await archive.GetManifestAsync(backup.ManifestSha256, cancel);
        await using var server = await ThrowAwayServer.StartAsync(options.Value.ServerExecutable!, Path.Combine(Folder, backup.Id.ToString()), cancel);
        var port = ports.At(server.AdminAddress, server.AdminToken);
        await AwaitReadyAsync(server, port, cancel);

        var restore = await port.CreateRestoreAsync(cancel);
        foreach (var file in manifest.Files)
            await archive.SendFileAsync(file, port, restore, cancel);
        var counts = await CommitAsync(backup, manifest, port, restore, cancel);
        if (counts != manifest.Counts)
            throw new BackupDamagedException($"A server started from backup {backup.Id} counts {counts} instead of {manifest.Counts}.");
        await AwaitReadyAsync(server, port, cancel);
        await RequireServedAsync(server, cancel);
    }

    /// <summary>A killed scheduler leaves its server running: end it, and remove its folder.</summary>
    internal async Task RemoveAbandonedAsync(CancellationToken cancel)
    {
        foreach (var folder in Directory.Exists(Folder) ? Directory.GetDirectories(Folder) : [])
            await ThrowAwayServer.RemoveAbandonedAsync(folder, cancel);
    }

    static async Task<JobCounts> CommitAsync(Backup backup, BackupManifest manifest, AdminPort port, string restore, CancellationToken cancel)
    {
        try
        {
            return await port.CommitRestoreAsync(restore, manifest.CheckpointFiles, manifest.Counts, cancel);
        }
        catch (AdminPortException refused) when (refused.Status is HttpStatusCode.UnprocessableEntity)
        {
            throw new BackupDamagedException($"A server refuses to start from backup {backup.Id}.", refused);
        }
    }

    /// <summary>The last doubt: a worker could log in and be answered.</summary>
    async Task RequireServedAsync(ThrowAwayServer server, CancellationToken cancel)
    {
        try
        {
            await using var client = new FaktoryProducer(new FaktoryClientOptions(server.Url, clock));
            await client.InfoAsync(cancel);
        }
        catch (FaktoryException silent)
        {
            throw new DrillFailedException($"The server of the drill serves no commands: {silent.Message}");
        }
    }

    async Task AwaitReadyAsync(ThrowAwayServer server, AdminPort port, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        while (!await port.IsReadyAsync(cancel))
        {
            if (server.HasExited || clock.GetElapsedTime(begun) > StartWithin)
                throw new DrillFailedException($"The server of the drill did not start: {server.LastWords}");
            await Task.Delay(LookAgainAfter, clock, cancel);
        }
    }
}

/// <summary>The drill itself did not work, which says nothing about the backup.</summary>
sealed class DrillFailedException(string message) : Exception(message);
