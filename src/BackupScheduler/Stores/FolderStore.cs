using System.Runtime.CompilerServices;

namespace BackupScheduler.Stores;

/// <summary>
/// Objects as files in a folder. A put writes to <c>.incoming</c>, syncs, renames into place and syncs the folders, so that
/// a power cut leaves the old object or the new one. Several processes may share the folder.
/// </summary>
sealed class FolderStore : IObjectStore
{
    readonly string root;
    readonly string incoming;

    /// <param name="root">Created when missing, readable by its owner only.</param>
    internal FolderStore(string root)
    {
        this.root = Path.GetFullPath(root);
        incoming = Path.Combine(this.root, ".incoming");
        Directory.CreateDirectory(incoming, StagedFile.OwnersFolder);
    }

    public async Task PutAsync(string key, Stream content, CancellationToken cancel)
    {
        var target = PathOf(key);
        var staged = new StagedFile(Path.Combine(incoming, Guid.NewGuid().ToString("n")));
        try
        {
            await staged.WriteAsync(content, cancel);
            On(key, () => staged.MoveTo(target, root));
        }
        finally
        {
            staged.Discard();
        }
    }

    public Task<Stream> OpenReadAsync(string key, CancellationToken cancel)
    {
        var path = PathOf(key);
        try
        {
            return Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectMissingException(key);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(key, refused);
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        ObjectKey.RequirePrefix(prefix);
        // Ends the synchronous part: a large folder is listed on the caller's continuation, not inside its call.
        await Task.Yield();
        var folder = Path.Combine(root, prefix[..(prefix.LastIndexOf('/') + 1)]);
        foreach (var file in Files(folder).Select(Describe).OfType<StoredObject>().OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            if (file.Key.StartsWith(prefix, StringComparison.Ordinal))
                yield return file;
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancel)
    {
        var path = PathOf(key);
        On(key, () => Remove(path));
        return Task.CompletedTask;
    }

    public Task<StoredObject?> StatAsync(string key, CancellationToken cancel) => Task.FromResult(Describe(new FileInfo(PathOf(key))));

    public Task<int> RemoveUnfinishedAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var stale = new DirectoryInfo(incoming).EnumerateFiles().Where(f => f.LastWriteTimeUtc < before.UtcDateTime).ToList();
        stale.ForEach(f => f.Delete());
        return Task.FromResult(stale.Count);
    }

    void Remove(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            File.Delete(path);
            SyncedFolder.Sync(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its folder, which another delete found empty and removed.
            return;
        }
        RemoveEmpty(folder);
    }

    void RemoveEmpty(string folder)
    {
        for (; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // Not empty (any more), or gone: either way the folders above stay as they are.
                return;
            }
        }
    }

    static IEnumerable<FileInfo> Files(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false };
        return new DirectoryInfo(folder).EnumerateFiles("*", everything);
    }

    StoredObject? Describe(FileInfo file)
    {
        try
        {
            return new(Path.GetRelativePath(root, file.FullName), file.Length, file.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    string PathOf(string key)
    {
        ObjectKey.Require(key);
        return Path.Combine(root, key);
    }

    static void On(string key, Action work)
    {
        try
        {
            work();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(key, refused);
        }
    }

    static ObjectStoreException Unavailable(string key, Exception cause) => new($"The backup folder refused '{key}': {cause.Message}", cause);
}
