using System.Diagnostics;
using System.Runtime.InteropServices;
using Faktory.Server.Metrics;

namespace Faktory.Server.Storage;

/// <summary>
/// One open RocksDB. Any thread may read, write and sync; <see cref="Dispose"/> only when nobody does.
/// </summary>
sealed class RocksDatabase : IDisposable
{
    // Refuses to open when a record in the middle of the log is damaged, and accepts a torn last one.
    // The default (2) would open "fine" with everything after the damage silently gone.
    const int TolerateCorruptedTailRecords = 0;
    const int SkipAnyCorruptedRecords = 3;
    const int Lz4 = 4;
    const int LogWarnings = 2;

    const int WriteBufferBytes = 8 << 20;
    // Its default, an eighth of the buffer, is touched as a whole by an empty store.
    const int ArenaBlockBytes = 128 << 10;
    const int BlockCacheBytes = 4 << 20;
    const int OpenFilesMax = 256;

    readonly DatabaseHandle _database;
    readonly WriteOptionsHandle _writeOptions = RocksNative.WriteOptionsCreate();
    readonly ReadOptionsHandle _readOptions = RocksNative.ReadOptionsCreate();

    RocksDatabase(DatabaseHandle database) => _database = database;

    /// <exception cref="CorruptStorageException">The data is damaged.</exception>
    /// <exception cref="StorageException">The folder cannot be opened, for example because another process has it open.</exception>
    internal static RocksDatabase Open(string path)
    {
        using var options = CreateOptions();
        var database = RocksNative.Open(options, path, out var error);
        StorageException.ThrowIf(error);
        return new RocksDatabase(database);
    }

    /// <summary>Opens what is there and changes no byte of it: nothing is created, the log stays a log. Writing to it fails.</summary>
    /// <exception cref="CorruptStorageException">The data is damaged.</exception>
    /// <exception cref="StorageException">There is no database in the folder, or it cannot be read.</exception>
    internal static RocksDatabase OpenReadOnly(string path)
    {
        using var options = CreateOptions();
        RocksNative.OptionsSetCreateIfMissing(options, 0);
        var database = RocksNative.OpenForReadOnly(options, path, 0, out var error);
        StorageException.ThrowIf(error);
        return new RocksDatabase(database);
    }

    /// <summary>
    /// Opens a damaged copy for salvage: a log is read around what is broken in it, a file that cannot be read is only noticed by those who
    /// read from it. What even then does not open is first rebuilt from the files that are there. Changes the folder: only for copies.
    /// </summary>
    /// <exception cref="StorageException">Nothing in the folder can be read.</exception>
    internal static RocksDatabase OpenForSalvage(string path)
    {
        using var options = CreateOptions();
        RocksNative.OptionsSetCreateIfMissing(options, 0);
        RocksNative.OptionsSetWalRecoveryMode(options, SkipAnyCorruptedRecords);
        RocksNative.OptionsSetParanoidChecks(options, 0);
        var database = RocksNative.Open(options, path, out var error);
        if (error != 0)
        {
            RocksNative.Free(error);
            RocksNative.Repair(options, path, out error);
            StorageException.ThrowIf(error);
            database = RocksNative.Open(options, path, out error);
            StorageException.ThrowIf(error);
        }
        return new RocksDatabase(database);
    }

    internal Histogram SyncTime { get; } = new(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1);

    /// <summary>Appends the batch to the log and the memtable. It survives the death of the process, but not yet of the machine.</summary>
    internal void Write(WriteBatch batch)
    {
        RocksNative.Write(_database, _writeOptions, batch.Handle, out var error);
        StorageException.ThrowIf(error);
    }

    /// <summary>Makes everything written before the call durable. Writers may go on meanwhile.</summary>
    internal void Sync()
    {
        var began = Stopwatch.GetTimestamp();
        RocksNative.FlushWal(_database, 1, out var error);
        StorageException.ThrowIf(error);
        SyncTime.Observe(Stopwatch.GetElapsedTime(began));
    }

    internal byte[]? Get(ReadOnlySpan<byte> key)
    {
        var pointer = RocksNative.Get(_database, _readOptions, key, (nuint)key.Length, out var length, out var error);
        StorageException.ThrowIf(error);
        if (pointer == 0)
            return null;
        var value = new byte[length];
        Marshal.Copy(pointer, value, 0, value.Length);
        RocksNative.Free(pointer);
        return value;
    }

    internal RocksIterator Scan(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end, bool isBackward = false) => new(_database, start, end, isBackward);

    /// <summary>A consistent copy in a new folder on the same file system: hard links, so it costs next to nothing.</summary>
    internal void Checkpoint(string directory)
    {
        using var checkpoint = RocksNative.CheckpointObjectCreate(_database, out var error);
        StorageException.ThrowIf(error);
        // 0: flush first, so that the copy is complete without any log file.
        RocksNative.CheckpointCreate(checkpoint, directory, 0, out error);
        StorageException.ThrowIf(error);
    }

    /// <summary>Drops what was deleted from the files. Takes long; <see cref="CancelCompaction"/> ends it early.</summary>
    internal void Compact() => RocksNative.CompactRange(_database, 0, 0, 0, 0);

    /// <summary>No compaction can be asked for any more, and a running one ends soon.</summary>
    internal void CancelCompaction() => RocksNative.DisableManualCompaction(_database);

    internal ulong SequenceNumber => RocksNative.LatestSequenceNumber(_database);

    /// <summary>A RocksDB property such as <c>rocksdb.total-sst-files-size</c>; 0 when it has none.</summary>
    internal ulong Property(string name) => RocksNative.PropertyInt(_database, name, out var value) == 0 ? value : 0;

    public void Dispose()
    {
        _database.Dispose();
        _writeOptions.Dispose();
        _readOptions.Dispose();
    }

    static OptionsHandle CreateOptions()
    {
        using var cache = RocksNative.CacheCreateLru(BlockCacheBytes);
        using var table = RocksNative.TableOptionsCreate();
        RocksNative.TableOptionsSetBlockCache(table, cache);

        var options = RocksNative.OptionsCreate();
        RocksNative.OptionsSetCreateIfMissing(options, 1);
        RocksNative.OptionsSetWalRecoveryMode(options, TolerateCorruptedTailRecords);
        // A start replays at most this much of the log, however many jobs are queued.
        RocksNative.OptionsSetWriteBufferSize(options, WriteBufferBytes);
        RocksNative.OptionsSetArenaBlockSize(options, ArenaBlockBytes);
        RocksNative.OptionsSetCompression(options, Lz4);
        RocksNative.OptionsSetTableFactory(options, table);
        RocksNative.OptionsSetMaxOpenFiles(options, OpenFilesMax);
        RocksNative.OptionsSetMaxFileOpeningThreads(options, 1);
        RocksNative.OptionsSetMaxBackgroundJobs(options, 2);
        RocksNative.OptionsSetMaxTotalWalSize(options, 4 * WriteBufferBytes);
        RocksNative.OptionsSetInfoLogLevel(options, LogWarnings);
        RocksNative.OptionsSetKeepLogFileNum(options, 2);
        RocksNative.OptionsSetMaxLogFileSize(options, 1 << 20);
        RocksNative.OptionsSetStatsDumpPeriod(options, 0);
        RocksNative.OptionsSetStatsPersistPeriod(options, 0);
        RocksNative.OptionsSetSkipStatsUpdateOnOpen(options, 1);
        return options;
    }
}
