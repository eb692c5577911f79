using BackupScheduler.Archives;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BackupScheduler.Jobs;

/// <summary>Reads every kept backup back from the store, the one that waited longest first, and compares all of it.</summary>
sealed partial class VerifyBackups(
    IServiceScopeFactory scopes, BackupArchives archives, DamageReports damage, IOptions<BackupSchedulerOptions> options, TimeProvider clock, ILogger<VerifyBackups> logger)
{
    internal async Task RunAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var before = clock.GetUtcNow() - options.Value.VerifyEvery;
        var due = await fleet.Db.Backups
            .Where(b => b.State == BackupState.Succeeded && b.ManifestKey != null && (b.VerifiedAt == null || b.VerifiedAt < before))
            .OrderBy(b => b.VerifiedAt).ToListAsync(cancel);
        var failures = new CheckFailures("verification");
        foreach (var backup in due)
        {
            if (!await damage.IsWholeAsync(fleet.Db, backup, () => VerifyAsync(backup, cancel), failures, cancel))
                continue;
            backup.VerifiedAt = clock.GetUtcNow();
            await fleet.Db.SaveChangesAsync(cancel);
        }
        await failures.ReportAsync(fleet.Db, clock, cancel);
        LogVerified(logger, due.Count - failures.Count);
    }

    async Task VerifyAsync(Backup backup, CancellationToken cancel)
    {
        var archive = archives.Open(backup);
        foreach (var file in (await archive.GetManifestAsync(backup.ManifestSha256, cancel)).Files)
            await archive.VerifyFileAsync(file, cancel);
    }

    [LoggerMessage(LogLevel.Information, "{Count} backups were read back from the store.")]
    static partial void LogVerified(ILogger logger, int count);
}
