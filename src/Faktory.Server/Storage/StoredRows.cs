using Faktory.Server.Workers;

namespace Faktory.Server.Storage;

/// <summary>
/// The records of one kind by key, on disk only: a million of them take no memory. Reads see what the pending batch changes.
/// Belongs to whoever runs the engine.
/// </summary>
sealed class StoredRows
{
    const int SweptMax = 1000;

    readonly byte _kind;
    readonly JobStore _store;
    // What the pending batch changes, which reads of the store do not see yet. Null: deleted.
    readonly Dictionary<byte[], byte[]?> _pending = new(JidComparer.Instance);
    byte[] _sweptTo;
    // All that the store shows is deleted by the pending batch.
    bool _isCleared;

    /// <param name="kind">The first byte of their keys, one of <see cref="Keys"/>.</param>
    /// <param name="store">Where they are.</param>
    internal StoredRows(byte kind, JobStore store)
    {
        (_kind, _store, _sweptTo) = (kind, store, [kind]);
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
        using var rows = _store.Database.Scan([_kind], [(byte)(_kind + 1)]);
        MayHold = rows.IsValid;
    }

    /// <summary>A record, or null.</summary>
    internal byte[]? Get(ReadOnlySpan<byte> key)
    {
        if (!MayHold)
            return null;
        if (_pending.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var pending))
            return pending;
        return _isCleared ? null : _store.Database.Get(KeyOf(key));
    }

    /// <summary>Part of a step, as all changes are.</summary>
    internal void Put(ReadOnlySpan<byte> key, byte[] value)
    {
        MayHold = true;
        _store.Batch.Put(KeyOf(key), value);
        _pending[key.ToArray()] = value;
    }

    internal void Delete(ReadOnlySpan<byte> key)
    {
        _store.Batch.Delete(KeyOf(key));
        _pending[key.ToArray()] = null;
    }

    internal void Clear()
    {
        _store.Batch.DeleteRange([_kind], [(byte)(_kind + 1)]);
        _pending.Clear();
        (MayHold, _isCleared) = (false, true);
    }

    /// <summary>Deletes those of some that are over; each call goes on where the last one ended. First in a step.</summary>
    internal void Sweep(Predicate<byte[]> isOver)
    {
        if (!MayHold)
            return;
        _store.WritePending();
        using var rows = _store.Database.Scan(_sweptTo, [(byte)(_kind + 1)]);
        for (var i = 0; i < SweptMax && rows.IsValid; i++, rows.Next())
        {
            if (isOver(rows.CopyValue()))
                Delete(rows.Key[1..]);
        }
        _sweptTo = rows.IsValid ? rows.Key.ToArray() : [_kind];
    }

    byte[] KeyOf(ReadOnlySpan<byte> key) => [_kind, .. key];
}
