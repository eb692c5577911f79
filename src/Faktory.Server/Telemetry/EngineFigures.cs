using Faktory.Server.Engine;
using Faktory.Server.Metrics;

namespace Faktory.Server.Telemetry;

/// <summary>What only the engine may read, all of one moment.</summary>
/// <param name="Stats">The counts.</param>
/// <param name="Latencies">Of each queue, in seconds.</param>
/// <param name="Paused">How many queues are paused.</param>
/// <param name="Latency">How long jobs waited in their queue.</param>
/// <param name="Perform">How long workers had jobs.</param>
/// <param name="Sync">How long making changes durable took.</param>
/// <param name="Store">RocksDB's own numbers, by name.</param>
/// <param name="Features">What the features are doing.</param>
sealed record EngineFigures(
    ServerStats Stats, IReadOnlyList<(string Queue, double Seconds)> Latencies, int Paused,
    HistogramFigures Latency, HistogramFigures Perform, HistogramFigures Sync, IReadOnlyList<(string Name, string Help, double Value)> Store,
    IReadOnlyList<Metric> Features)
{
    static readonly (string Name, string Property, string Help)[] Properties =
    [
        ("faktory_rocksdb_tables_bytes", "rocksdb.total-sst-files-size", "Table files, obsolete ones included."),
        ("faktory_rocksdb_live_data_bytes", "rocksdb.estimate-live-data-size", "An estimate of what is not deleted."),
        ("faktory_rocksdb_memtable_bytes", "rocksdb.cur-size-all-mem-tables", "Changes that are only in memory and in the log."),
        ("faktory_rocksdb_table_readers_bytes", "rocksdb.estimate-table-readers-mem", "Memory for indexes and filters."),
        ("faktory_rocksdb_block_cache_bytes", "rocksdb.block-cache-usage", "Memory for blocks that were read."),
        ("faktory_rocksdb_keys", "rocksdb.estimate-num-keys", "An estimate of the records."),
        ("faktory_rocksdb_compaction_pending_bytes", "rocksdb.estimate-pending-compaction-bytes", "What compaction still has to rewrite."),
        ("faktory_rocksdb_compactions_running", "rocksdb.num-running-compactions", "Compactions under way."),
        ("faktory_rocksdb_flushes_running", "rocksdb.num-running-flushes", "Flushes under way."),
        ("faktory_rocksdb_write_stopped", "rocksdb.is-write-stopped", "1 when writes wait for compaction."),
        ("faktory_rocksdb_background_errors", "rocksdb.background-errors", "Failures of flushes and compactions."),
    ];

    internal static EngineFigures Take(JobEngine engine) => new(
        ServerStats.Take(engine),
        [.. engine.Queues.Known.Select(q => (q.Name, (double)q.Latency(engine.Now) / TimeSpan.TicksPerSecond))],
        engine.Queues.Known.Count(q => q.IsPaused),
        engine.Latency.Read(),
        engine.Perform.Read(),
        engine.Store.Database.SyncTime.Read(),
        [.. Properties.Select(p => (p.Name, p.Help, (double)engine.Store.Database.Property(p.Property)))],
        FeatureFigures.Take(engine));
}
