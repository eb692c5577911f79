using Faktory.Server.Jobs;
using Faktory.Server.Queues;
using Faktory.Server.Storage;

namespace Faktory.Bench.Stores;

/// <summary>RocksDB as the server uses it: its own queues on its own store.</summary>
sealed class RocksStore : CycledStore
{
    const byte lane = 5;

    readonly JobStore _store;
    readonly JobQueue _queue;
    readonly JobRecord _job = JobRecord.Create("cycle-000001"u8, 0, 1, [], new byte[CyclesBenchmark.JobBytes]);

    internal RocksStore(string folder)
    {
        _store = JobStore.Open(Path.Combine(folder, "rocksdb"));
        _queue = new QueueTable(_store).GetOrCreate("default");
    }

    internal override string Name => "RocksDB";

    internal override void Push() => _queue.Append(new JobRecord([.. _job.Bytes]), lane);

    internal override void Pop()
    {
        _queue.TakeFirst(out var location);
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        _store.Batch.SingleDelete(Keys.At(Keys.Job, location, key));
    }

    internal override void Commit() => _store.WritePending();

    public override void Dispose() => _store.Dispose();
}
