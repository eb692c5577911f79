namespace Faktory.Server.Tests.Simulation;

// Jobs that wait for another one to replace them. All are of one type, so that the queue is what they find each other by.
sealed partial class EngineModel
{
    readonly Dictionary<string, (long Due, ulong Sequence, long FirstAt)> _debounced = [];

    internal long Replaced { get; private set; }

    /// <summary>Where each that waits stands among the scheduled jobs.</summary>
    internal IEnumerable<(long Due, ulong Sequence)> Debounced => _debounced.Values.Select(d => (d.Due, d.Sequence));

    void Wait(ModelJob job, string debounce, long due, long max)
    {
        var firstAt = Now;
        if (_debounced.TryGetValue(debounce, out var earlier))
        {
            Release(Scheduled.Take((earlier.Due, earlier.Sequence)), "unknown");
            Replaced++;
            firstAt = Math.Min(earlier.FirstAt, Now);
        }
        due = Math.Min(due, firstAt + max);
        Scheduled.Add(job, due, ++_sequence);
        _debounced[debounce] = (due, _sequence, firstAt);
        Note(job, "enqueued");
    }

    ModelJob EndDebounce(ModelJob job)
    {
        if (job.Debounce is { } debounce)
            _debounced.Remove(debounce);
        return job with { Debounce = null };
    }
}
