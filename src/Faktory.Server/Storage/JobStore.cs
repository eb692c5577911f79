using System.Buffers.Binary;

namespace Faktory.Server.Storage;

/// <summary>
/// A store of jobs: a database of the right format, the counters, and the changes not written yet. Belongs to whoever runs the engine;
/// only <see cref="Sync"/> may be called from another one.
/// </summary>
sealed class JobStore : IDisposable
{
    readonly string _path;
    Thread? _compaction;
    long _writtenBytes;

    JobStore(RocksDatabase database, string path)
    {
        Database = database;
        _path = path;
    }

    internal RocksDatabase Database { get; }

    internal WriteBatch Batch { get; } = new();

    internal Counters Counters { get; } = new();

    /// <summary>How many bytes have been changed since the store was opened.</summary>
    internal long ChangedBytes => _writtenBytes + Batch.Bytes;

    /// <summary>There is something to write although the batch may be empty: <see cref="Completing"/> adds it.</summary>
    internal bool IsChanged { get; set; }

    /// <summary>Called before a batch is written: adds what is derived from it, such as the counts of lanes.</summary>
    internal Action<WriteBatch>? Completing { get; set; }

    /// <summary>Opens or creates the store in a folder.</summary>
    /// <exception cref="CorruptStorageException">The data is damaged.</exception>
    /// <exception cref="StorageException">The folder cannot be opened, or was written by a newer version.</exception>
    internal static JobStore Open(string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            // RocksDB makes its files durable, but not the name of the folder they are in.
            SyncedFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        var store = new JobStore(RocksDatabase.Open(path), path);
        try
        {
            store.CheckVersion();
            if (store.Database.Get(Keys.Counters) is { } counters)
                store.Counters.Read(counters);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes what is in the batch, all of it or nothing, so that reads see it. Never between two changes that belong together.
    /// </summary>
    internal void WritePending()
    {
        if (Batch.Count == 0 && !IsChanged)
            return;
        IsChanged = false;
        Completing?.Invoke(Batch);
        Span<byte> counters = stackalloc byte[Counters.Length];
        Batch.Put(Keys.Counters, Counters.Write(counters));
        Database.Write(Batch);
        _writtenBytes += Batch.Bytes;
        Batch.Clear();
    }

    /// <summary>Deletes the bytes of a job that was queued or reserved. Part of a step.</summary>
    internal void DeleteJob(JobLocation location)
    {
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        Batch.SingleDelete(Keys.At(Keys.Job, location, key));
    }

    internal void Sync() => Database.Sync();

    /// <summary>How many bytes are free on its disk, and how many there are.</summary>
    internal (long Free, long Total) Disk()
    {
        var drive = new DriveInfo(_path);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }

    /// <summary>Drops what was deleted from the files, unless that is being done already.</summary>
    internal void CompactInBackground()
    {
        if (_compaction is { IsAlive: true })
            return;
        _compaction = new Thread(Database.Compact) { Name = "compaction", IsBackground = true };
        _compaction.Start();
    }

    public void Dispose()
    {
        Database.CancelCompaction();
        _compaction?.Join();
        Batch.Dispose();
        Database.Dispose();
    }

    void CheckVersion()
    {
        if (Database.Get(Keys.Version) is { } stored)
        {
            var version = BinaryPrimitives.ReadUInt32BigEndian(stored);
            if (version != Keys.FormatVersion)
                throw new StorageException($"the data has format {version}, and this server reads format {Keys.FormatVersion}");
            return;
        }
        var current = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(current, Keys.FormatVersion);
        Batch.Put(Keys.Version, current);
        WritePending();
        Sync();
    }
}
