using Faktory.Server.Storage;

namespace Faktory.Server.Admin;

/// <summary>The files that were put for a restore, and the store made of them. The files stay as they were put, so a commit can be tried again.</summary>
static class StagedStore
{
    internal static string FilesOf(DataFolder folder, string id) => Path.Combine(folder.RestoresPath, id);

    /// <summary>Compares the files' hashes, makes the store, opens it and counts its jobs. Null when all is as it should be, else what is not.</summary>
    internal static async Task<string?> MakeAsync(DataFolder folder, string id, StoredFile[] files, JobCounts counts, CancellationToken cancel)
    {
        if (await CompareAsync(FilesOf(folder, id), files, cancel) is { } mismatch)
            return mismatch;
        var path = folder.PathOf(id);
        Copy(FilesOf(folder, id), path);
        try
        {
            using var store = JobStore.Open(path);
            var counted = StoredJobs.Count(store.Database);
            return counted == counts ? null : $"the store holds {counted.Describe()}, expected {counts.Describe()}";
        }
        catch (StorageException e)
        {
            return $"the store cannot be opened: {e.Message}";
        }
    }

    internal static void RemoveFiles(DataFolder folder, string id)
    {
        if (Directory.Exists(FilesOf(folder, id)))
            Directory.Delete(FilesOf(folder, id), recursive: true);
    }

    /// <summary>Deletes a store that is not in use.</summary>
    internal static void RemoveStore(DataFolder folder, string? store)
    {
        if (store is not null && store != folder.Current && Directory.Exists(folder.PathOf(store)))
            Directory.Delete(folder.PathOf(store), recursive: true);
    }

    /// <summary>Null when the folder holds exactly these files, else what is different.</summary>
    internal static async Task<string?> CompareAsync(string path, StoredFile[] files, CancellationToken cancel)
    {
        if (!Directory.Exists(path))
            return "no files were put";
        var found = (await StoredFile.DescribeAsync(path, cancel)).ToDictionary(f => f.Name);
        foreach (var file in files)
        {
            if (!found.Remove(file.Name, out var put))
                return $"{file.Name} was not put";
            if (put != file)
                return $"{file.Name} has {put.Bytes} bytes and hash {put.Sha256}, expected {file.Bytes} and {file.Sha256}";
        }
        return found.Count == 0 ? null : $"{found.Keys.First()} is not in the list of files";
    }

    static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            var name = Path.Combine(to, Path.GetFileName(file));
            // RocksDB never changes a table once it is written; everything else is small.
            if (file.EndsWith(".sst", StringComparison.Ordinal))
                SyncedFile.Link(file, name);
            else
                File.Copy(file, name);
        }
        SyncedFile.SyncDirectory(to);
    }
}
