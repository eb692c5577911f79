using Faktory.Server.Storage;
using Faktory.Server.Workers;

namespace Faktory.Server.Unique;

/// <summary>
/// The locks of unique jobs, on disk only: a million of them take no memory. Changes go with the batch of the job they belong to. A lock ends with
/// its time, when its job is done or gone, or with its queue. Belongs to whoever runs the engine.
/// </summary>
sealed class UniqueLocks
{
    const int SweptMax = 1000;

    readonly JobStore _store;
    readonly Func<uint, bool> _hasQueue;
    // What the pending batch changes, which reads of the store do not see yet. Null: deleted.
    readonly Dictionary<byte[], UniqueLock?> _pending = new(JidComparer.Instance);
    byte[] _sweptTo = [Keys.Unique];
    // All that the store shows is deleted by the pending batch.
    bool _isCleared;

    /// <param name="store">Where they are.</param>
    /// <param name="hasQueue">Whether there is still a queue of that number.</param>
    internal UniqueLocks(JobStore store, Func<uint, bool> hasQueue)
    {
        _store = store;
        _hasQueue = hasQueue;
        store.Completing += _ =>
        {
            _pending.Clear();
            _isCleared = false;
        };
    }

    /// <summary>Whether there may be any. False on most servers, which saves them from looking.</summary>
    internal bool MayHold { get; private set; }

    internal void Load()
    {
        using var locks = _store.Database.Scan([Keys.Unique], [Keys.Unique + 1]);
        MayHold = locks.IsValid;
    }

    internal bool IsHeld(byte[] key, long now) => Find(key) is { } held && held.ExpiresAt > now && (held.Home == 0 || _hasQueue(held.Home));

    internal void Take(byte[] key, ReadOnlySpan<byte> jid, long expiresAt, uint home) => Put(key, new UniqueLock(expiresAt, home, jid.ToArray()));

    /// <summary>The job is somewhere else now. Nothing happens when the lock is not its own any more.</summary>
    internal void Move(byte[] key, ReadOnlySpan<byte> jid, uint home)
    {
        if (Find(key) is { } held && jid.SequenceEqual(held.Jid) && held.Home != home)
            Put(key, held with { Home = home });
    }

    /// <summary>Another such job may come. Nothing happens when the lock is not this job's any more.</summary>
    internal void Release(byte[] key, ReadOnlySpan<byte> jid)
    {
        if (Find(key) is not { } held || !jid.SequenceEqual(held.Jid))
            return;
        _store.Batch.Delete(KeyOf(key));
        _pending[key] = null;
    }

    internal void Clear()
    {
        _store.Batch.DeleteRange([Keys.Unique], [Keys.Unique + 1]);
        _pending.Clear();
        (MayHold, _isCleared) = (false, true);
    }

    /// <summary>Deletes some of the locks that hold nothing any more; each call goes on where the last one ended.</summary>
    internal void Sweep(long now)
    {
        if (!MayHold)
            return;
        _store.WritePending();
        using var locks = _store.Database.Scan(_sweptTo, [Keys.Unique + 1]);
        for (var i = 0; i < SweptMax && locks.IsValid; i++, locks.Next())
        {
            var held = UniqueLock.Read(locks.CopyValue());
            if (held.ExpiresAt <= now || (held.Home != 0 && !_hasQueue(held.Home)))
                _store.Batch.Delete(locks.Key);
        }
        _sweptTo = locks.IsValid ? locks.Key.ToArray() : [Keys.Unique];
    }

    UniqueLock? Find(byte[] key)
    {
        if (!MayHold)
            return null;
        if (_pending.TryGetValue(key, out var pending))
            return pending;
        return !_isCleared && _store.Database.Get(KeyOf(key)) is { } stored ? UniqueLock.Read(stored) : null;
    }

    void Put(byte[] key, UniqueLock held)
    {
        MayHold = true;
        _store.Batch.Put(KeyOf(key), held.Write());
        _pending[key] = held;
    }

    static byte[] KeyOf(byte[] key) => [Keys.Unique, .. key];
}
