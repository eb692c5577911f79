using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Faktory.Server.Jobs;
using Faktory.Server.Queues;
using Faktory.Server.Storage;

namespace Faktory.Server.Maintenance;

/// <summary>
/// Makes a new store of what can still be read of a damaged one. Works on a copy: the original is only read. Jobs that were at work are
/// queued again, first in their queues, because nobody can say what became of them.
/// </summary>
sealed class StoreRepair
{
    readonly StoreBuilder _builder;
    readonly Action<long> _progress;
    readonly Dictionary<uint, string> _names = [];
    readonly FeatureSalvage _features;
    long _records;

    StoreRepair(RocksDatabase database, StoreBuilder builder, Action<long> progress)
    {
        _features = new FeatureSalvage(database, builder, kind => Scan(database, kind), Lost);
        _builder = builder;
        _progress = progress;
    }

    /// <summary>What was lost, and where.</summary>
    internal Findings Lost { get; } = new();

    /// <summary>What is in the new store.</summary>
    internal JobCounts Saved { get; private set; } = new(0, 0, 0, 0, 0);

    /// <summary>What should be there, by the old store's own counts; null when those are lost too.</summary>
    internal JobCounts? Expected { get; private set; }

    /// <param name="damaged">The folder of a store, with no server on it.</param>
    /// <param name="copy">A folder that does not exist yet, for the copy that is worked on; gone afterwards.</param>
    /// <param name="repaired">A folder that does not exist yet, for the new store.</param>
    /// <param name="progress">Told, now and then, how many records have been saved.</param>
    /// <exception cref="StorageException">Nothing can be read.</exception>
    internal static StoreRepair Run(string damaged, string copy, string repaired, Action<long> progress)
    {
        Directory.CreateDirectory(copy);
        try
        {
            foreach (var file in Directory.EnumerateFiles(damaged).Where(f => Path.GetFileName(f) != "LOCK"))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            using var database = RocksDatabase.OpenForSalvage(copy);
            if (!new[] { Keys.Meta, Keys.Name, Keys.Job, Keys.Scheduled, Keys.Retries, Keys.Dead }.Any(kind => new SalvageScan(database, kind, (_, _) => { }).Records().Any()))
                throw new StorageException($"nothing in {damaged} can be read; restore a backup");
            using var builder = new StoreBuilder(repaired);
            var repair = new StoreRepair(database, builder, progress);
            repair.Run(database);
            return repair;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    void Run(RocksDatabase database)
    {
        foreach (var (key, value) in Scan(database, Keys.Name))
            SaveName(key, value);
        foreach (var (key, value) in Scan(database, Keys.Meta).Where(r => r.Key is [Keys.Meta, (byte)'h', _, _, _, _] && r.Value.Length == 16))
            _builder.AddDay(Keys.HistoryDay(key), BinaryPrimitives.ReadInt64BigEndian(value), BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(8)));
        _features.SaveRows();
        var working = Scan(database, Keys.Reservation).LongCount();
        var queued = Scan(database, Keys.Job).LongCount(record => Save(record.Key, record.Value, SaveQueued));
        var scheduled = SaveSet(database, Keys.Scheduled);
        var retries = SaveSet(database, Keys.Retries);
        var dead = SaveSet(database, Keys.Dead);
        _features.SaveBatches();
        Saved = new JobCounts(queued, scheduled, retries, dead, 0);
        var (processed, failures) = ReadCounters(database, working);
        _builder.Finish(processed, failures);
    }

    IEnumerable<(byte[] Key, byte[] Value)> Scan(RocksDatabase database, byte kind) => new SalvageScan(database, kind, (after, before) => Lost.Add(
        $"after {KeyText.Describe(after)}",
        $"{KeyText.KindOf(kind)}s cannot be read up to {(before is null ? "the end" : KeyText.Describe(before))}")).Records();

    void SaveName(byte[] key, byte[] value)
    {
        var name = Encoding.UTF8.GetString(key.AsSpan(1));
        try
        {
            var queue = QueueRecord.Read(value);
            _names[queue.Id] = name;
            _builder.AddQueue(name, queue.Pause);
        }
        catch (CorruptStorageException)
        {
            Lost.Add($"queue {name}", "whether it was paused");
        }
    }

    long SaveSet(RocksDatabase database, byte set) => Scan(database, set).LongCount(record => Save(record.Key, record.Value, (key, job, _) =>
    {
        _builder.AddTimed(set, Keys.Due(key), job);
        if (set != Keys.Dead)
            _features.Follow(job, queueId: 0);
    }));

    bool Save(byte[] key, byte[] value, Action<byte[], JobRecord, string> save)
    {
        try
        {
            var job = JobRecord.Read(value);
            save(key, job, JobFields.Read(job.Json.Span).Queue);
            if (++_records % 1000 == 0)
                _progress(_records);
            return true;
        }
        catch (Exception e) when (e is StorageException or JsonException or ArgumentException)
        {
            Lost.Add(KeyText.Describe(key), e.Message);
            return false;
        }
    }

    // The order of the keys is the order of the queue, those at work first.
    void SaveQueued(byte[] key, JobRecord job, string queue)
    {
        var location = Keys.Location(key);
        var queueId = _builder.AddQueued(_names.GetValueOrDefault(location.QueueId, queue.Length > 0 ? queue : "default"), location.Lane, _builder.TakePlaces(1), job);
        _features.Follow(job, queueId);
    }

    (long Processed, long Failures) ReadCounters(RocksDatabase database, long working)
    {
        var counters = new Counters();
        try
        {
            if (database.Get(Keys.Counters) is not { } stored)
                return (0, 0);
            counters.Read(stored);
            var queued = 0L;
            using var lanes = database.Scan(Keys.LaneMetaStart, Keys.LaneMetaEnd);
            for (; lanes.IsValid; lanes.Next())
                queued += BinaryPrimitives.ReadInt64BigEndian(lanes.CopyValue().AsSpan(8));
            Expected = new JobCounts(queued + working, counters.Scheduled.Count, counters.Retries.Count, counters.Dead.Count, 0);
            if (Expected != Saved)
                Lost.Add("counts", $"the old store says {Expected.Describe()}; saved are {Saved.Describe()}");
            return (counters.Processed, counters.Failures);
        }
        catch (Exception e) when (e is StorageException or ArgumentException)
        {
            Lost.Add("counters", e.Message);
            return (counters.Processed, counters.Failures);
        }
    }
}
