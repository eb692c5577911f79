namespace Faktory.Server.Tests.Simulation;

/// <summary>Jobs by due time, then in the order they came.</summary>
sealed class TimedModel
{
    readonly SortedList<(long Due, ulong Sequence), ModelJob> _jobs = [];

    internal int Count => _jobs.Count;

    /// <summary>What a look at the disk has to show.</summary>
    internal IEnumerable<(long Due, string Jid)> Content => _jobs.Select(j => (j.Key.Due, j.Value.Jid));

    internal IEnumerable<ModelJob> Jobs => _jobs.Values;

    internal void Add(ModelJob job, long due, ulong sequence) => _jobs.Add((due, sequence), job);

    /// <summary>The first of those with that jid, or null.</summary>
    internal ModelJob? TakeFirst(string jid)
    {
        var first = _jobs.Where(j => j.Value.Jid == jid).Select(j => ((long, ulong)?)j.Key).FirstOrDefault();
        return first is { } place ? Take(place) : null;
    }

    internal ModelJob Take((long Due, ulong Sequence) place) => _jobs.Remove(place, out var job) ? job : throw new InvalidOperationException($"no job at {place}");

    internal List<ModelJob> TakeDue(long now) => Take(j => j.Key.Due <= now);

    internal List<ModelJob> TakeJids(string[] jids) => Take(j => jids.Length == 0 || jids.Contains(j.Value.Jid));

    /// <summary>The earliest, so that only so many are left.</summary>
    internal List<ModelJob> TakeAllBut(int? left)
    {
        var taken = _jobs.Take(left is { } max ? _jobs.Count - max : 0).Select(j => j.Key).ToHashSet();
        return Take(j => taken.Contains(j.Key));
    }

    internal void Clear() => _jobs.Clear();

    List<ModelJob> Take(Func<KeyValuePair<(long Due, ulong Sequence), ModelJob>, bool> isWanted)
    {
        var taken = _jobs.Where(isWanted).ToArray();
        foreach (var job in taken)
            _jobs.Remove(job.Key);
        return [.. taken.Select(j => j.Value)];
    }
}
