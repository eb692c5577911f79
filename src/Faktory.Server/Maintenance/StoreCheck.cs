using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Faktory.Server.Jobs;
using Faktory.Server.Queues;
using Faktory.Server.Storage;
using Faktory.Server.Workers;

namespace Faktory.Server.Maintenance;

/// <summary>
/// Reads every record of a store and compares what belongs together: jobs with their queues, reservations with their jobs, counts
/// with what is there. Changes nothing.
/// </summary>
sealed class StoreCheck
{
    readonly RocksDatabase _database;
    readonly Action<long> _progress;
    readonly Dictionary<uint, string> _names = [];
    readonly HashSet<JobLocation> _reserved = [];
    readonly HashSet<JobLocation> _working = [];
    readonly Dictionary<(uint, byte), LaneCheck> _lanes = [];
    readonly Counters _counters = new();
    readonly FeatureCheck _features;
    ulong _lastSequence;
    uint _lastQueueId;

    StoreCheck(RocksDatabase database, Action<long> progress)
    {
        _database = database;
        _progress = progress;
        _features = new FeatureCheck(database, _names, Walk, Findings);
    }

    /// <summary>How many records were read.</summary>
    internal long Records { get; private set; }

    internal JobCounts Counts { get; private set; } = new(0, 0, 0, 0, 0);

    internal Findings Findings { get; } = new();

    /// <param name="path">The folder of a store, with no server on it.</param>
    /// <param name="progress">Told, now and then, how many records have been read.</param>
    internal static StoreCheck Run(string path, Action<long> progress)
    {
        try
        {
            using var database = RocksDatabase.OpenReadOnly(path);
            var check = new StoreCheck(database, progress);
            check.Run();
            return check;
        }
        catch (StorageException e)
        {
            var check = new StoreCheck(null!, progress);
            check.Findings.Add(path, $"the store cannot be opened: {e.Message}");
            return check;
        }
    }

    void Run()
    {
        ReadMeta();
        // Reservations before jobs: a job that is at work is stored among the queued ones.
        Walk(Keys.Name, CheckName);
        Walk(Keys.Reservation, CheckReservation);
        _working.UnionWith(_reserved);
        var working = _reserved.Count;
        Walk(Keys.Job, CheckJob);
        foreach (var location in _reserved)
            Findings.Add(KeyText.Describe(KeyOf(Keys.Reservation, location)), "its job is not there");
        CheckLanes();
        Counts = new JobCounts(
            _lanes.Values.Sum(l => l.Queued),
            CheckSet(Keys.Scheduled, _counters.Scheduled), CheckSet(Keys.Retries, _counters.Retries), CheckSet(Keys.Dead, _counters.Dead), working);
        CheckCounters();
        _features.Run(key => _working.Contains(Keys.Location(key)));
    }

    // Counters and the lanes' own counts: without them nothing can be compared.
    void ReadMeta()
    {
        try
        {
            if (_database.Get(Keys.Version) is not { Length: sizeof(uint) } version)
                Findings.Add("format version", "it is missing: this is not a store of jobs");
            else if (BinaryPrimitives.ReadUInt32BigEndian(version) is var format && format != Keys.FormatVersion)
                Findings.Add("format version", $"it is {format}, and this program reads {Keys.FormatVersion}");
            if (_database.Get(Keys.Counters) is { } counters)
                _counters.Read(counters);
            using var lanes = _database.Scan(Keys.LaneMetaStart, Keys.LaneMetaEnd);
            for (; lanes.IsValid; lanes.Next())
            {
                var lane = LaneAt(Keys.LaneOf(lanes.Key));
                var stored = lanes.CopyValue();
                (lane.StoredHead, lane.StoredCount) = (BinaryPrimitives.ReadUInt64BigEndian(stored), BinaryPrimitives.ReadInt64BigEndian(stored.AsSpan(8)));
            }
        }
        catch (Exception e) when (e is StorageException or ArgumentException)
        {
            Findings.Add("counters", $"they cannot be read: {e.Message}");
        }
    }

    long Walk(byte kind, Action<ReadOnlySpan<byte>, byte[]> check)
    {
        var count = 0L;
        byte[] last = [kind];
        try
        {
            using var records = _database.Scan([kind], [(byte)(kind + 1)]);
            for (; records.IsValid; records.Next(), count++)
            {
                last = records.Key.ToArray();
                check(last, records.CopyValue());
                if (++Records % 1000 == 0)
                    _progress(Records);
            }
        }
        catch (StorageException e)
        {
            Findings.Add($"after {KeyText.Describe(last)}", $"the rest of the {KeyText.KindOf(kind)}s cannot be read: {e.Message}");
        }
        return count;
    }

    void CheckName(ReadOnlySpan<byte> key, byte[] value)
    {
        var name = Encoding.UTF8.GetString(key[1..]);
        uint id;
        try
        {
            id = QueueRecord.Read(value).Id;
        }
        catch (CorruptStorageException e)
        {
            Findings.Add($"queue {name}", e.Message);
            return;
        }
        if (!_names.TryAdd(id, name))
            Findings.Add($"queue {name}", $"it has the number {id}, and so has queue {_names[id]}");
        _lastQueueId = Math.Max(_lastQueueId, id);
    }

    void CheckReservation(ReadOnlySpan<byte> key, byte[] value)
    {
        if (key.Length != Keys.LocationLength)
        {
            Findings.Add(KeyText.Describe(key), "its key is not one of a reservation");
            return;
        }
        var location = Keys.Location(key);
        _reserved.Add(location);
        try
        {
            Reservation.Read(location, value, out _);
        }
        catch (Exception e) when (e is StorageException or ArgumentException)
        {
            Findings.Add(KeyText.Describe(key), e.Message);
        }
    }

    void CheckJob(ReadOnlySpan<byte> key, byte[] value)
    {
        if (key.Length != Keys.LocationLength || Keys.Location(key) is not { Lane: >= 1 and <= 9 } location)
        {
            Findings.Add(KeyText.Describe(key), "its key is not one of a job");
            return;
        }
        _lastSequence = Math.Max(_lastSequence, location.Sequence);
        _lastQueueId = Math.Max(_lastQueueId, location.QueueId);
        CheckRecord(key, value);
        // A queue may be removed while jobs of it are at work.
        if (_reserved.Remove(location))
            return;
        var lane = LaneAt((location.QueueId, location.Lane));
        lane.Queued++;
        lane.First = Math.Min(lane.First, location.Sequence);
    }

    void CheckRecord(ReadOnlySpan<byte> key, byte[] value)
    {
        try
        {
            var record = JobRecord.Read(value);
            var fields = JobFields.Read(record.Json.Span);
            if (!record.Jid.SequenceEqual(fields.Jid))
                Findings.Add(KeyText.Describe(key), "the jid in front of it is not the one in it");
            if (key[0] != Keys.Dead)
                _features.See(key, record, key[0] == Keys.Job && Keys.Location(key) is var at && !_reserved.Contains(at) && _names.ContainsKey(at.QueueId));
        }
        catch (Exception e) when (e is StorageException or JsonException)
        {
            Findings.Add(KeyText.Describe(key), $"the job cannot be read: {e.Message}");
        }
    }

    void CheckLanes()
    {
        foreach (var ((queueId, number), lane) in _lanes)
        {
            var where = $"queue {_names.GetValueOrDefault(queueId, $"number {queueId}")} priority {10 - number}";
            if ((lane.StoredCount ?? 0) != lane.Queued)
                Findings.Add(where, $"it holds {lane.Queued} jobs, and should hold {lane.StoredCount ?? 0}");
            if (lane.Queued > 0 && lane.StoredCount is not null && lane.First < lane.StoredHead)
                Findings.Add(where, $"its first job is number {lane.First}, and fetching would begin at {lane.StoredHead}");
            if (!_names.ContainsKey(queueId))
                Findings.Add(where, "the queue has no name: nobody can fetch its jobs");
        }
    }

    long CheckSet(byte set, SetCounters stored)
    {
        var first = long.MaxValue;
        var count = Walk(set, (key, value) =>
        {
            if (key.Length != Keys.TimedLength)
            {
                Findings.Add(KeyText.Describe(key), "its key is not one of a job with a time");
                return;
            }
            first = Math.Min(first, Keys.Due(key));
            _lastSequence = Math.Max(_lastSequence, Keys.TimedSequence(key));
            CheckRecord(key, value);
        });
        var where = $"{KeyText.KindOf(set)}s";
        if (stored.Count != count)
            Findings.Add(where, $"there are {count}, and should be {stored.Count}");
        if (count > 0 && stored.Floor > first)
            Findings.Add(where, $"the first is due {Rfc3339.Format(first)}, and would not be looked for before {Rfc3339.Format(stored.Floor)}");
        return count;
    }

    // A number that is given twice would overwrite a job.
    void CheckCounters()
    {
        if (_lastSequence > _counters.LastSequence)
            Findings.Add("counters", $"the next job would get the number {_counters.LastSequence + 1}, and {_lastSequence} is in use");
        if (_lastQueueId > _counters.LastQueueId)
            Findings.Add("counters", $"the next queue would get the number {_counters.LastQueueId + 1}, and {_lastQueueId} is in use");
    }

    LaneCheck LaneAt((uint QueueId, byte Number) lane)
    {
        if (!_lanes.TryGetValue(lane, out var found))
            _lanes.Add(lane, found = new LaneCheck());
        return found;
    }

    static byte[] KeyOf(byte kind, JobLocation location) => Keys.At(kind, location, new byte[Keys.LocationLength]).ToArray();
}
