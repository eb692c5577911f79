namespace BackupScheduler.Stores;

/// <summary>A file that is written under a temporary name, made durable, and only then appears under its own.</summary>
sealed class StagedFile(string path)
{
    const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    internal const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    // EEXIST
    const int fileExists = 17;

    internal async Task WriteAsync(Stream content, CancellationToken cancel)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            UnixCreateMode = OwnersFile,
        };
        await using var file = OnDisk(() => new FileStream(path, options));
        var buffer = new byte[1 << 16];
        for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;)
        {
            try
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
            catch (IOException full)
            {
                throw Refused(full);
            }
        }
        OnDisk(() =>
        {
            file.Flush(flushToDisk: true);
            return true;
        });
    }

    /// <summary>Renames, then syncs every folder from the target's up to <paramref name="root"/>: some of them may be new.</summary>
    internal void MoveTo(string target, string root)
    {
        var folder = Path.GetDirectoryName(target)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(folder, OwnersFolder);
                File.Move(path, target, overwrite: true);
                break;
            }
            catch (IOException e) when (attempt < 20 && (e is DirectoryNotFoundException || e.HResult == fileExists))
            {
                // A delete next door removed the folder it had emptied, or one above it; also between finding that it exists and looking what it is.
            }
        }
        for (var dirty = folder; dirty.Length >= root.Length; dirty = Path.GetDirectoryName(dirty)!)
            SyncedFolder.Sync(dirty);
    }

    /// <summary>Removes what a failure left; after <see cref="MoveTo"/> there is nothing under this name.</summary>
    internal void Discard() => File.Delete(path);

    static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused(refused);
        }
    }

    static ObjectStoreException Refused(Exception cause) => new($"The backup folder does not take the file: {cause.Message}", cause);
}
