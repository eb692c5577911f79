using System.Buffers.Binary;

namespace Faktory.Server.Storage;

/// <summary>How many jobs a set ordered by time holds, and a time at or before its first.</summary>
sealed class SetCounters
{
    internal long Count;
    internal long Floor;
}

/// <summary>Numbers that are stored with every commit, so that a start does not have to count.</summary>
sealed class Counters
{
    const int Fields = 13;
    // What servers before expiring jobs wrote, and what is written until a job has expired or was replaced.
    const int FieldsMin = 11;
    internal const int Length = Fields * sizeof(long);

    long _nextSequence = 1;
    long _nextQueueId = 1;

    internal long Enqueued;
    internal long Processed;
    internal long Failures;
    /// <summary>Jobs that were dropped because their time was over.</summary>
    internal long Expired;
    /// <summary>Debounced jobs that another one took the place of.</summary>
    internal long Replaced;

    internal SetCounters Scheduled { get; } = new();
    internal SetCounters Retries { get; } = new();
    internal SetCounters Dead { get; } = new();

    internal ulong TakeSequence() => (ulong)_nextSequence++;

    internal ulong LastSequence => (ulong)_nextSequence - 1;

    /// <summary>Takes so many numbers in a row, and returns the first.</summary>
    internal ulong TakeSequences(long count)
    {
        var first = (ulong)_nextSequence;
        _nextSequence += count;
        return first;
    }

    internal uint LastQueueId => (uint)_nextQueueId - 1;

    internal uint TakeQueueId() => checked((uint)_nextQueueId++);

    internal ReadOnlySpan<byte> Write(Span<byte> bytes)
    {
        ReadOnlySpan<long> fields =
        [
            _nextSequence, _nextQueueId, Enqueued, Processed, Failures,
            Scheduled.Count, Scheduled.Floor, Retries.Count, Retries.Floor, Dead.Count, Dead.Floor, Expired, Replaced,
        ];
        var written = Replaced != 0 ? Fields : Expired != 0 ? Fields - 1 : FieldsMin;
        for (var i = 0; i < written; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes[(i * sizeof(long))..], fields[i]);
        return bytes[..(written * sizeof(long))];
    }

    internal void Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FieldsMin * sizeof(long))
            throw new CorruptStorageException($"counters have {bytes.Length} bytes, expected {Length}");
        Span<long> fields = stackalloc long[Fields];
        fields.Clear();
        for (var i = 0; i < Math.Min(Fields, bytes.Length / sizeof(long)); i++)
            fields[i] = BinaryPrimitives.ReadInt64BigEndian(bytes[(i * sizeof(long))..]);
        (_nextSequence, _nextQueueId, Enqueued, Processed, Failures) = (fields[0], fields[1], fields[2], fields[3], fields[4]);
        (Scheduled.Count, Scheduled.Floor) = (fields[5], fields[6]);
        (Retries.Count, Retries.Floor) = (fields[7], fields[8]);
        (Dead.Count, Dead.Floor) = (fields[9], fields[10]);
        (Expired, Replaced) = (fields[11], fields[12]);
    }
}
