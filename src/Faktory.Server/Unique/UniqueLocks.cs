using Faktory.Server.Storage;

namespace Faktory.Server.Unique;

/// <summary>
/// The locks of unique jobs. Changes go with the batch of the job they belong to. A lock ends with its time, when its job is done or gone, or
/// with its queue. Belongs to whoever runs the engine.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="hasQueue">Whether there is still a queue of that number.</param>
sealed class UniqueLocks(JobStore store, Func<uint, bool> hasQueue)
{
    readonly StoredRows _rows = new(Keys.Unique, store);

    /// <inheritdoc cref="StoredRows.MayHold"/>
    internal bool MayHold => _rows.MayHold;

    internal void Load() => _rows.Load();

    internal bool IsHeld(byte[] key, long now) => Find(key) is { } held && IsInForce(held, now);

    internal void Take(byte[] key, ReadOnlySpan<byte> jid, long expiresAt, uint home) => _rows.Put(key, new UniqueLock(expiresAt, home, jid.ToArray()).Write());

    /// <summary>The job is somewhere else now. Nothing happens when the lock is not its own any more.</summary>
    internal void Move(byte[] key, ReadOnlySpan<byte> jid, uint home)
    {
        if (Find(key) is { } held && jid.SequenceEqual(held.Jid) && held.Home != home)
            _rows.Put(key, (held with { Home = home }).Write());
    }

    /// <summary>Another such job may come. Nothing happens when the lock is not this job's any more.</summary>
    internal void Release(byte[] key, ReadOnlySpan<byte> jid)
    {
        if (Find(key) is { } held && jid.SequenceEqual(held.Jid))
            _rows.Delete(key);
    }

    internal void Clear() => _rows.Clear();

    /// <summary>Deletes some of the locks that hold nothing any more; each call goes on where the last one ended.</summary>
    internal void Sweep(long now) => _rows.Sweep(row => !IsInForce(UniqueLock.Read(row), now));

    bool IsInForce(UniqueLock held, long now) => held.ExpiresAt > now && (held.Home == 0 || hasQueue(held.Home));

    UniqueLock? Find(byte[] key) => _rows.Get(key) is { } row ? UniqueLock.Read(row) : null;
}
