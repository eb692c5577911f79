using System.Text;

namespace Faktory.Server.Storage;

/// <summary>
/// The folder given by <c>-d</c>, held by one server at a time.
/// <code>
/// lock       held while a server runs
/// ballast    room in reserve, freed by a start on a full disk
/// main/      the store a server begins with
/// rst_…/     a store that is being restored, or was
/// current    the name of the store in use, when it is not main
/// backups/   checkpoints, each with its description
/// restores/  the descriptions of restores
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
            path = Path.GetFullPath(path);
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path);
                SyncedFile.SyncDirectory(Path.GetDirectoryName(path)!);
            }
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

    internal string BackupsPath => Path.Combine(_path, "backups");

    internal string BallastPath => Path.Combine(_path, "ballast");

    internal string RestoresPath => Path.Combine(_path, "restores");

    /// <summary>The name of the store in use.</summary>
    internal string Current
    {
        get => File.Exists(PointerPath) ? File.ReadAllText(PointerPath).Trim() : FirstStore;
        // One rename decides: after a crash it is the old store or the new one.
        set => SyncedFile.Replace(PointerPath, Encoding.UTF8.GetBytes(value + "\n"));
    }

    /// <exception cref="StorageException">The store in use is gone. Starting with an empty one would look like a loss of everything.</exception>
    internal string CurrentPath
    {
        get
        {
            var path = PathOf(Current);
            return Directory.Exists(path) || !File.Exists(PointerPath)
                ? path
                : throw new StorageException($"{PointerPath} names a store that is not there: {path}");
        }
    }

    internal string PathOf(string store) => Path.Combine(_path, store);

    public void Dispose() => _lock.Dispose();

    string PointerPath => Path.Combine(_path, "current");
}
