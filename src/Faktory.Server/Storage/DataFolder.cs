namespace Faktory.Server.Storage;

/// <summary>
/// The folder given by <c>-d</c>, held by one server at a time.
/// <code>
/// lock      held while a server runs
/// main/     the store a server begins with
/// current   the name of the store in use, when it is not main
/// </code>
/// </summary>
sealed class DataFolder : IDisposable
{
    const string FirstStore = "main";

    readonly string _path;
    readonly FileStream _lock;

    DataFolder(string path, FileStream @lock)
    {
        _path = path;
        _lock = @lock;
    }

    /// <exception cref="StorageException">Another server has it, or it cannot be written.</exception>
    internal static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path, new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StorageException($"cannot take the data folder {path}, is another server using it? {e.Message}");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException($"cannot write to the data folder {path}: {e.Message}");
        }
    }

    /// <exception cref="StorageException">The store in use is gone. Starting with an empty one would look like a loss of everything.</exception>
    internal string StorePath
    {
        get
        {
            var pointer = Path.Combine(_path, "current");
            if (!File.Exists(pointer))
                return Path.Combine(_path, FirstStore);
            var store = Path.Combine(_path, File.ReadAllText(pointer).Trim());
            return Directory.Exists(store) ? store : throw new StorageException($"{pointer} names a store that is not there: {store}");
        }
    }

    public void Dispose() => _lock.Dispose();
}
