using Faktory.Server.Admin;
using Faktory.Server.Storage;

namespace Faktory.Server.Maintenance;

/// <summary>What is done to a data folder that no server uses: backing it up, and putting a backup into it.</summary>
static class StoppedStore
{
    /// <summary>The data folder, which has to be there already.</summary>
    /// <exception cref="StorageException">It is not there, or a server uses it.</exception>
    internal static DataFolder Open(string path) => Directory.Exists(path)
        ? DataFolder.Open(path)
        : throw new StorageException($"there is no data folder {path}; -d names another one");

    /// <summary>A consistent copy beside the data; the caller removes it.</summary>
    internal static async Task<(BackupBody Backup, string Path)> CheckpointAsync(DataFolder folder, DateTimeOffset now, CancellationToken cancel)
    {
        if (!Directory.Exists(folder.CurrentPath))
            throw new StorageException($"there is no store in {folder.CurrentPath}");
        var id = $"chk_{Guid.CreateVersion7(now):n}";
        var path = Path.Combine(folder.BackupsPath, id);
        Directory.CreateDirectory(folder.BackupsPath);
        using var store = JobStore.Open(folder.CurrentPath);
        var counts = StoredJobs.Count(store.Database);
        store.Database.Checkpoint(path);
        return (new BackupBody(id, now, store.Database.SequenceNumber, counts, await StoredFile.DescribeAsync(path, cancel)), path);
    }

    /// <summary>
    /// Copies a backup beside the data, compares hashes, opens it and counts its jobs; only then one rename puts it into use. What was in
    /// use before is kept, and its path returned; null when there was nothing.
    /// </summary>
    /// <exception cref="InvalidDataException">The backup is not whole. The data was not touched.</exception>
    internal static async Task<(JobCounts Counts, string? Previous)> RestoreAsync(DataFolder folder, string backup, DateTimeOffset now, CancellationToken cancel)
    {
        var previous = Directory.Exists(folder.CurrentPath) ? folder.Current : null;
        var restore = new RestoreRecord($"rst_{Guid.CreateVersion7(now):n}", now, RestoreState.Staged, previous);
        var isCommitted = false;
        try
        {
            Directory.CreateDirectory(folder.RestoresPath);
            var expected = await BackupSet.ExtractAsync(backup, StagedStore.FilesOf(folder, restore.Id), cancel);
            if (await StagedStore.MakeAsync(folder, restore.Id, expected.Files!, expected.Counts!, cancel) is { } mismatch)
                throw new InvalidDataException($"{backup} is damaged: {mismatch}");
            restore = (restore with { Counts = expected.Counts }).Save(folder);
            folder.Current = restore.Id;
            isCommitted = true;
            (restore with { State = RestoreState.Committed }).Save(folder);
            return (expected.Counts!, previous is null ? null : folder.PathOf(previous));
        }
        finally
        {
            StagedStore.RemoveFiles(folder, restore.Id);
            if (!isCommitted)
                StagedStore.RemoveStore(folder, restore.Id);
        }
    }
}
