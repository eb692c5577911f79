using System.Text;
using Faktory.Server.Storage;

namespace Faktory.Server.Batches;

/// <summary>How far one of a batch's two callbacks is. Stored; clients are told the number, and nothing for the first.</summary>
enum BatchStage : byte
{
    Pending = 0,
    Enqueued = 1,
    Finished = 2,
}

/// <summary>How far a batch is as a whole.</summary>
enum BatchPhase
{
    /// <summary>More jobs may come.</summary>
    Open,

    /// <summary>Some were never executed, or the complete callback was not.</summary>
    Running,

    /// <summary>Not all have succeeded, or the success callback has not.</summary>
    Complete,

    Successful,
}

/// <summary>
/// Jobs that belong together, and what is to be enqueued when all have been executed (complete) and when all have succeeded (success).
/// It counts its jobs and does not know them: each job carries the batch's id.
/// </summary>
/// <param name="bid">Its id, ASCII, beginning with <c>b-</c>.</param>
/// <param name="parentBid">The batch it is nested in, or null.</param>
/// <param name="description">For people; may be null.</param>
/// <param name="createdAt">100 ns since 1970.</param>
/// <param name="complete">The JSON of that callback, or null.</param>
/// <param name="success">The JSON of that callback, or null.</param>
sealed class Batch(string bid, string? parentBid, string? description, long createdAt, byte[]? complete, byte[]? success)
{
    const byte Version = 1;

    internal string Bid => bid;
    internal string? ParentBid => parentBid;
    internal string? Description => description;
    internal long CreatedAt { get; } = createdAt;
    internal byte[]? Complete => complete;
    internal byte[]? Success => success;

    /// <summary>How many jobs have joined.</summary>
    internal long Total { get; set; }

    /// <summary>How many of them have not been executed once.</summary>
    internal long Pending { get; set; }

    /// <summary>How many were executed and have not succeeded since.</summary>
    internal long Failed { get; set; }

    /// <summary>How many nested batches have not finished their complete callback.</summary>
    internal long IncompleteChildren { get; set; }

    /// <summary>How many nested batches have not finished their success callback.</summary>
    internal long UnsuccessfulChildren { get; set; }

    internal bool IsCommitted { get; set; }

    /// <summary>It was committed once, and then opened again.</summary>
    internal bool WasCommitted { get; set; }

    internal BatchStage CompleteStage { get; set; }
    internal BatchStage SuccessStage { get; set; }

    /// <summary>100 ns since 1970: created, opened or finished.</summary>
    internal long ChangedAt { get; set; } = createdAt;

    /// <summary>How many of its jobs that were never executed wait in which queue; they go with it when it is removed.</summary>
    internal Dictionary<uint, long> Queued { get; } = [];

    internal BatchPhase Phase => !IsCommitted ? BatchPhase.Open
        : CompleteStage != BatchStage.Finished ? BatchPhase.Running
        : SuccessStage != BatchStage.Finished ? BatchPhase.Complete
        : BatchPhase.Successful;

    /// <summary>As what it is counted, which is how it was last written.</summary>
    internal BatchPhase Counted { get; set; }

    internal byte[] WriteDefinition() => Write(w =>
    {
        w.Write(CreatedAt);
        WriteBytes(w, parentBid is null ? null : Encoding.UTF8.GetBytes(parentBid));
        WriteBytes(w, description is null ? null : Encoding.UTF8.GetBytes(description));
        WriteBytes(w, complete);
        WriteBytes(w, success);
    });

    internal byte[] WriteState() => Write(w =>
    {
        w.Write(Total);
        w.Write(Pending);
        w.Write(Failed);
        w.Write(IncompleteChildren);
        w.Write(UnsuccessfulChildren);
        w.Write((byte)((IsCommitted ? 1 : 0) | (WasCommitted ? 2 : 0)));
        w.Write((byte)CompleteStage);
        w.Write((byte)SuccessStage);
        w.Write(ChangedAt);
        w.Write(Queued.Count);
        foreach (var (queue, count) in Queued)
        {
            w.Write(queue);
            w.Write(count);
        }
    });

    /// <exception cref="CorruptStorageException">These are not the bytes of a batch.</exception>
    internal static Batch Read(string bid, byte[] definition, byte[] state)
    {
        try
        {
            using var d = Reader(definition);
            var createdAt = d.ReadInt64();
            var batch = new Batch(bid, ReadText(d), ReadText(d), createdAt, ReadBytes(d), ReadBytes(d));
            batch.ReadState(state);
            return batch;
        }
        catch (EndOfStreamException e)
        {
            throw new CorruptStorageException($"the batch {bid} ends early: {e.Message}");
        }
    }

    void ReadState(byte[] state)
    {
        using var s = Reader(state);
        (Total, Pending, Failed) = (s.ReadInt64(), s.ReadInt64(), s.ReadInt64());
        (IncompleteChildren, UnsuccessfulChildren) = (s.ReadInt64(), s.ReadInt64());
        var flags = s.ReadByte();
        (IsCommitted, WasCommitted) = ((flags & 1) != 0, (flags & 2) != 0);
        (CompleteStage, SuccessStage) = ((BatchStage)s.ReadByte(), (BatchStage)s.ReadByte());
        ChangedAt = s.ReadInt64();
        for (var left = s.ReadInt32(); left > 0; left--)
            Queued[s.ReadUInt32()] = s.ReadInt64();
    }

    static byte[] Write(Action<BinaryWriter> fields)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        fields(writer);
        return bytes.ToArray();
    }

    static BinaryReader Reader(byte[] stored)
    {
        var reader = new BinaryReader(new MemoryStream(stored));
        return reader.ReadByte() == Version ? reader : throw new CorruptStorageException($"not a batch of version {Version}: {stored.Length} bytes");
    }

    static void WriteBytes(BinaryWriter writer, byte[]? bytes)
    {
        writer.Write(bytes?.Length ?? -1);
        writer.Write(bytes ?? []);
    }

    static byte[]? ReadBytes(BinaryReader reader) => reader.ReadInt32() is var length and >= 0 ? reader.ReadBytes(length) : null;

    static string? ReadText(BinaryReader reader) => ReadBytes(reader) is { } text ? Encoding.UTF8.GetString(text) : null;
}
