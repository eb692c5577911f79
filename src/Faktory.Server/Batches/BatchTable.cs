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
    readonly StoredRows _states;
    readonly StoredRows _definitions;
    readonly Dictionary<string, Batch> _cached = [];
    readonly HashSet<Batch> _changed = [];
    readonly long[] _counts = new long[4];

    internal BatchTable(JobStore store)
    {
        _store = store;
        store.Completing += WriteChanged;
        _states = new StoredRows(Keys.Batch, store);
        _definitions = new StoredRows(Keys.BatchDefinition, store);
    }

    /// <inheritdoc cref="StoredRows.MayHold"/>
    internal bool MayHold => _definitions.MayHold;

    internal void Load()
    {
        _states.Load();
        _definitions.Load();
    }

    internal Batch? Find(string bid)
    {
        if (!MayHold)
            return null;
        if (_cached.TryGetValue(bid, out var cached))
            return cached;
        var key = Encoding.UTF8.GetBytes(bid);
        if (_states.Get(key) is not { } state || _definitions.Get(key) is not { } definition)
            return null;
        return _cached[bid] = ReadStored(bid, definition, state);
    }

    internal long CountIn(BatchPhase phase) => _counts[(int)phase];

    /// <summary>One that was found at the start.</summary>
    internal void CountStored(Batch batch) => _counts[(int)batch.Phase]++;

    internal void Add(Batch batch)
    {
        _cached[batch.Bid] = batch;
        _definitions.Put(Encoding.UTF8.GetBytes(batch.Bid), batch.WriteDefinition());
        _counts[(int)(batch.Counted = batch.Phase)]++;
        Touch(batch);
    }

    /// <summary>It has changed, or is about to in the same step.</summary>
    internal void Touch(Batch batch)
    {
        _changed.Add(batch);
        _store.IsChanged = true;
    }

    internal void Delete(Batch batch)
    {
        var key = Encoding.UTF8.GetBytes(batch.Bid);
        _cached.Remove(batch.Bid);
        _changed.Remove(batch);
        _counts[(int)batch.Counted]--;
        _states.Delete(key);
        _definitions.Delete(key);
    }

    internal void Clear()
    {
        _cached.Clear();
        _changed.Clear();
        Array.Clear(_counts);
        _states.Clear();
        _definitions.Clear();
    }

    /// <summary>Those that follow a bid in the order of bids, at most so many; all from the first on without one. First in a step.</summary>
    internal List<Batch> Read(string? after, int max)
    {
        _store.WritePending();
        var page = new List<Batch>();
        using var stored = _store.Database.Scan(after is null ? [Keys.Batch] : [Keys.Batch, .. Encoding.UTF8.GetBytes(after), 0], [Keys.Batch + 1]);
        for (; stored.IsValid && page.Count < max; stored.Next())
        {
            var bid = Encoding.UTF8.GetString(stored.Key[1..]);
            if (_cached.TryGetValue(bid, out var cached))
                page.Add(cached);
            else if (_definitions.Get(stored.Key[1..]) is { } definition)
                page.Add(ReadStored(bid, definition, stored.CopyValue()));
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

    // What is stored has been counted.
    static Batch ReadStored(string bid, byte[] definition, byte[] state)
    {
        var batch = Batch.Read(bid, definition, state);
        batch.Counted = batch.Phase;
        return batch;
    }

    // The batch of writes is about to be completed, which the states go into.
    void WriteChanged(WriteBatch changes)
    {
        foreach (var batch in _changed)
        {
            _states.Put(Encoding.UTF8.GetBytes(batch.Bid), batch.WriteState());
            _counts[(int)batch.Counted]--;
            _counts[(int)(batch.Counted = batch.Phase)]++;
        }
        _changed.Clear();
        if (_cached.Count > CachedMax)
            _cached.Clear();
    }
}
