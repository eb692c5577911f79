using System.Runtime.InteropServices;

// Never from the current directory, which could be anybody's.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]

namespace Faktory.Server.Storage;

/// <summary>
/// The part of RocksDB's C API (rocksdb/c.h) that this server calls. An <c>error</c> is a malloc'ed C string, or zero.
/// </summary>
static partial class RocksNative
{
    internal const string Library = "rocksdb";

    [LibraryImport(Library, EntryPoint = "rocksdb_options_create")]
    internal static partial OptionsHandle OptionsCreate();

    [LibraryImport(Library, EntryPoint = "rocksdb_options_destroy")]
    internal static partial void OptionsDestroy(nint options);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_create_if_missing")]
    internal static partial void OptionsSetCreateIfMissing(OptionsHandle options, byte value);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_write_buffer_size")]
    internal static partial void OptionsSetWriteBufferSize(OptionsHandle options, nuint bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_arena_block_size")]
    internal static partial void OptionsSetArenaBlockSize(OptionsHandle options, nuint bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_wal_recovery_mode")]
    internal static partial void OptionsSetWalRecoveryMode(OptionsHandle options, int mode);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_compression")]
    internal static partial void OptionsSetCompression(OptionsHandle options, int type);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_max_open_files")]
    internal static partial void OptionsSetMaxOpenFiles(OptionsHandle options, int count);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_max_file_opening_threads")]
    internal static partial void OptionsSetMaxFileOpeningThreads(OptionsHandle options, int count);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_max_background_jobs")]
    internal static partial void OptionsSetMaxBackgroundJobs(OptionsHandle options, int count);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_max_total_wal_size")]
    internal static partial void OptionsSetMaxTotalWalSize(OptionsHandle options, ulong bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_info_log_level")]
    internal static partial void OptionsSetInfoLogLevel(OptionsHandle options, int level);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_keep_log_file_num")]
    internal static partial void OptionsSetKeepLogFileNum(OptionsHandle options, nuint count);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_max_log_file_size")]
    internal static partial void OptionsSetMaxLogFileSize(OptionsHandle options, nuint bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_stats_dump_period_sec")]
    internal static partial void OptionsSetStatsDumpPeriod(OptionsHandle options, uint seconds);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_stats_persist_period_sec")]
    internal static partial void OptionsSetStatsPersistPeriod(OptionsHandle options, uint seconds);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_skip_stats_update_on_db_open")]
    internal static partial void OptionsSetSkipStatsUpdateOnOpen(OptionsHandle options, byte value);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_block_based_table_factory")]
    internal static partial void OptionsSetTableFactory(OptionsHandle options, TableOptionsHandle table);

    [LibraryImport(Library, EntryPoint = "rocksdb_block_based_options_create")]
    internal static partial TableOptionsHandle TableOptionsCreate();

    [LibraryImport(Library, EntryPoint = "rocksdb_block_based_options_destroy")]
    internal static partial void TableOptionsDestroy(nint options);

    [LibraryImport(Library, EntryPoint = "rocksdb_block_based_options_set_block_cache")]
    internal static partial void TableOptionsSetBlockCache(TableOptionsHandle options, CacheHandle cache);

    [LibraryImport(Library, EntryPoint = "rocksdb_cache_create_lru")]
    internal static partial CacheHandle CacheCreateLru(nuint bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_cache_destroy")]
    internal static partial void CacheDestroy(nint cache);

    [LibraryImport(Library, EntryPoint = "rocksdb_open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DatabaseHandle Open(OptionsHandle options, string path, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_close")]
    internal static partial void Close(nint database);

    [LibraryImport(Library, EntryPoint = "rocksdb_free")]
    internal static partial void Free(nint pointer);

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_create")]
    internal static partial WriteOptionsHandle WriteOptionsCreate();

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_destroy")]
    internal static partial void WriteOptionsDestroy(nint options);

    [LibraryImport(Library, EntryPoint = "rocksdb_write")]
    internal static partial void Write(DatabaseHandle database, WriteOptionsHandle options, WriteBatchHandle batch, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_flush_wal")]
    internal static partial void FlushWal(DatabaseHandle database, byte sync, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_create")]
    internal static partial WriteBatchHandle WriteBatchCreate();

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_destroy")]
    internal static partial void WriteBatchDestroy(nint batch);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_clear")]
    internal static partial void WriteBatchClear(WriteBatchHandle batch);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_put")]
    internal static partial void WriteBatchPut(
        WriteBatchHandle batch, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> value, nuint valueLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_delete")]
    internal static partial void WriteBatchDelete(WriteBatchHandle batch, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_singledelete")]
    internal static partial void WriteBatchSingleDelete(WriteBatchHandle batch, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_delete_range")]
    internal static partial void WriteBatchDeleteRange(
        WriteBatchHandle batch, ReadOnlySpan<byte> start, nuint startLength, ReadOnlySpan<byte> end, nuint endLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_create")]
    internal static partial ReadOptionsHandle ReadOptionsCreate();

    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_destroy")]
    internal static partial void ReadOptionsDestroy(nint options);

    // RocksDB keeps the pointer: the key must outlive every iterator made with these options.
    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_set_iterate_upper_bound")]
    internal static partial void ReadOptionsSetUpperBound(ReadOptionsHandle options, nint key, nuint keyLength);

    // As above.
    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_set_iterate_lower_bound")]
    internal static partial void ReadOptionsSetLowerBound(ReadOptionsHandle options, nint key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_get")]
    internal static partial nint Get(
        DatabaseHandle database, ReadOptionsHandle options, ReadOnlySpan<byte> key, nuint keyLength, out nuint valueLength, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_create_iterator")]
    internal static partial IteratorHandle CreateIterator(DatabaseHandle database, ReadOptionsHandle options);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_destroy")]
    internal static partial void IteratorDestroy(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_seek")]
    internal static partial void IteratorSeek(IteratorHandle iterator, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_valid")]
    internal static partial byte IteratorValid(IteratorHandle iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_next")]
    internal static partial void IteratorNext(IteratorHandle iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_seek_to_last")]
    internal static partial void IteratorSeekToLast(IteratorHandle iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_prev")]
    internal static partial void IteratorPrevious(IteratorHandle iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_key")]
    internal static partial nint IteratorKey(IteratorHandle iterator, out nuint length);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_value")]
    internal static partial nint IteratorValue(IteratorHandle iterator, out nuint length);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_get_error")]
    internal static partial void IteratorGetError(IteratorHandle iterator, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_checkpoint_object_create")]
    internal static partial CheckpointHandle CheckpointObjectCreate(DatabaseHandle database, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_checkpoint_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void CheckpointCreate(CheckpointHandle checkpoint, string directory, ulong logSizeForFlush, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_checkpoint_object_destroy")]
    internal static partial void CheckpointObjectDestroy(nint checkpoint);

    [LibraryImport(Library, EntryPoint = "rocksdb_get_latest_sequence_number")]
    internal static partial ulong LatestSequenceNumber(DatabaseHandle database);

    [LibraryImport(Library, EntryPoint = "rocksdb_property_int", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int PropertyInt(DatabaseHandle database, string name, out ulong value);

    [LibraryImport(Library, EntryPoint = "rocksdb_compact_range")]
    internal static partial void CompactRange(DatabaseHandle database, nint start, nuint startLength, nint end, nuint endLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_disable_manual_compaction")]
    internal static partial void DisableManualCompaction(DatabaseHandle database);
}
