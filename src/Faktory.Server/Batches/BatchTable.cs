using System.Text;
using Faktory.Server.Storage;

namespace Faktory.Server.Batches;

/// <summary>
/// The batches, on disk; those in use are in memory too. What has changed is written once for each write of the store, however many of
/// its jobs were pushed or done in it. Belongs to whoever runs the engine.
/// </summary>
sealed class BatchTable
{
    const int CachedMax = 1000;

    readonly JobStore _store;
    readonly Dictionary<string, Batch> _cached = [];
    readonly HashSet<Batch> _changed = [];
    bool _isCleared;

    internal BatchTable(JobStore store)
    {
        _store = store;
        store.Completing += WriteChanged;
    }

    /// <summary>Whether there may be any. False on most servers, which saves them from looking.</summary>
    internal bool MayHold { get; private set; }

    internal Batch? Find(string bid)
    {
        if (!MayHold)
            return null;
        if (_cached.TryGetValue(bid, out var cached))
            return cached;
        if (_isCleared || _store.Database.Get(Key(Keys.Batch, bid)) is not { } state || _store.Database.Get(Key(Keys.BatchDefinition, bid)) is not { } definition)
            return null;
        return _cached[bid] = Batch.Read(bid, definition, state);
    }

    internal void Add(Batch batch)
    {
        MayHold = true;
        _cached[batch.Bid] = batch;
        _store.Batch.Put(Key(Keys.BatchDefinition, batch.Bid), batch.WriteDefinition());
        Touch(batch);
    }

    /// <summary>It has changed, or is about to in the same step.</summary>
    internal void Touch(Batch batch)
    {
        // So that there is something to write, even if nothing else has changed.
        if (_changed.Add(batch))
            _store.Batch.Put(Key(Keys.Batch, batch.Bid), batch.WriteState());
    }

    internal void Delete(Batch batch)
    {
        _store.WritePending();
        _cached.Remove(batch.Bid);
        _store.Batch.Delete(Key(Keys.Batch, batch.Bid));
        _store.Batch.Delete(Key(Keys.BatchDefinition, batch.Bid));
        // Reads must not see it any more.
        _store.WritePending();
    }

    internal void Clear()
    {
        _store.Batch.DeleteRange([Keys.Batch], [Keys.Batch + 1]);
        _store.Batch.DeleteRange([Keys.BatchDefinition], [Keys.BatchDefinition + 1]);
        _cached.Clear();
        _changed.Clear();
        (MayHold, _isCleared) = (false, true);
    }

    /// <summary>Those that follow a bid in the order of bids, at most so many; all from the first on without one. First in a step.</summary>
    internal List<Batch> Read(string? after, int max)
    {
        _store.WritePending();
        var page = new List<Batch>();
        using var stored = _store.Database.Scan(after is null ? [Keys.Batch] : [.. Key(Keys.Batch, after), 0], [Keys.Batch + 1]);
        for (; stored.IsValid && page.Count < max; stored.Next())
        {
            MayHold = true;
            var bid = Encoding.UTF8.GetString(stored.Key[1..]);
            if (_cached.TryGetValue(bid, out var cached))
                page.Add(cached);
            else if (_store.Database.Get(Key(Keys.BatchDefinition, bid)) is { } definition)
                page.Add(Batch.Read(bid, definition, stored.CopyValue()));
        }
        return page;
    }

    /// <summary>As <see cref="Read"/>, all of them in parts.</summary>
    internal IEnumerable<Batch> ReadAll()
    {
        string? last = null;
        while (Read(last, CachedMax) is { Count: > 0 } page)
        {
            foreach (var batch in page)
                yield return batch;
            last = page[^1].Bid;
        }
    }

    void WriteChanged(WriteBatch changes)
    {
        foreach (var batch in _changed)
            changes.Put(Key(Keys.Batch, batch.Bid), batch.WriteState());
        _changed.Clear();
        _isCleared = false;
        if (_cached.Count > CachedMax)
            _cached.Clear();
    }

    static byte[] Key(byte kind, string bid) => [kind, .. Encoding.UTF8.GetBytes(bid)];
}
