namespace Faktory.Server.Tests.Simulation;

// What jobs ask for: to be the only one of their kind, to be dropped when it is too late, to be tracked.
sealed partial class EngineModel
{
    const long SweepEvery = TimeSpan.TicksPerMinute;
    const long TrackedFor = 30 * TimeSpan.TicksPerMinute;

    readonly Dictionary<(string Queue, bool IsLarge), (string Jid, long Until)> _locks = [];
    readonly Dictionary<string, ModelTrack> _tracks = [];
    long _sweepsAt = clock.GetTimestamp() + SweepEvery;

    internal int? DeadJobsMax { get; private set; }

    /// <summary>The features that are switched off.</summary>
    internal string[] Off { get; private set; } = [];

    internal long Expired { get; private set; }

    /// <summary>Two jobs of one jid share what hangs on a jid, and nobody says how: only one of them may ask for something.</summary>
    internal bool HasAskingJob(string jid) => _reservations.Select(r => r.Job).Concat(Queues.SelectMany(q => q.Jobs.Values))
        .Concat(Scheduled.Jobs).Concat(Retries.Jobs).Concat(Dead.Jobs).Any(j => j.Jid == jid && j.AsksForMore);

    internal ModelTrack? FindTrack(string jid) => _tracks.GetValueOrDefault(jid) is { } track && track.UpdatedAt + TrackedFor > Now ? track : null;

    internal void Report(string jid, int? percent, int? seconds)
    {
        if (percent is not null)
        {
            // Where a job is that never asked to be tracked is not said.
            var known = FindTrack(jid) ?? new ModelTrack("unknown", 0, null, IsUnsure: true);
            _tracks[jid] = known with { UpdatedAt = Now, Percent = percent };
        }
        if (seconds is not { } more || _reservations.FirstOrDefault(r => r.Job.Jid == jid) is not { } reservation)
            return;
        var reservedFor = Math.Min(more * TimeSpan.TicksPerSecond, TimeSpan.TicksPerDay);
        if (Steady + reservedFor <= reservation.DueAt)
            return;
        reservation.ExpiresAt = Now + reservedFor;
        _byEnd.Move(reservation, Steady + reservedFor);
    }

    string? Accept(JobSpec spec)
    {
        long? due = spec switch
        {
            { Asks.DebounceFor: > 0 and var window } => Now + window * TimeSpan.TicksPerSecond,
            { Due: > 0 and var later } => Now + later * TimeSpan.TicksPerSecond,
            _ => null,
        };
        var job = ModelJob.Of(spec, due ?? Now, spec.Bid is null ? null : FindBatch(spec.Bid));
        if (Refuse(spec, job) is { } refusal)
            return refusal;
        if (job.UniqueKey is { } key)
            _locks[key] = (job.Jid, (due ?? Now) + spec.Asks.UniqueFor * TimeSpan.TicksPerSecond);
        Join(job);
        if (job.Debounce is { } debounce)
        {
            Wait(job, debounce, due!.Value, spec.Asks.DebounceMaxSeconds * TimeSpan.TicksPerSecond);
        }
        else if (due is { } at)
        {
            Scheduled.Add(job, at, ++_sequence);
            Note(job, "enqueued");
        }
        else
        {
            Enqueue(job);
        }
        return null;
    }

    string? Refuse(JobSpec spec, ModelJob job) => job switch
    {
        { UniqueKey: not null } when Off.Contains("unique") => "unique_for",
        { ExpiresAt: not null } when Off.Contains("expiring") => "expires_in",
        { IsTracked: true } when Off.Contains("tracking") => "track",
        { Debounce: not null } when Off.Contains("debounce") => "debounce_for",
        { Batch: null } when spec.Bid is not null => "no such batch",
        { UniqueKey: { } key } when _locks.TryGetValue(key, out var held) && held.Until > Now => "NOTUNIQUE",
        _ => null,
    };

    // False when it has expired.
    bool TryStart(ModelJob job)
    {
        if (job.ExpiresAt <= Now)
        {
            Drop(job);
            return false;
        }
        if (!MayStart(job))
            return false;
        if (job.IsUniqueUntilStart)
            Unlock(job);
        Note(job, "working");
        return true;
    }

    void DropExpired()
    {
        var expired = Queues.SelectMany(q => q.Jobs.Where(j => j.Value.ExpiresAt <= Now).Select(j => (Queue: q, j.Key, Job: j.Value)))
            .OrderBy(e => (e.Job.ExpiresAt, e.Key.Sequence)).ToArray();
        foreach (var (queue, place, job) in expired)
        {
            queue.Jobs.Remove(place);
            Drop(job);
        }
    }

    void Drop(ModelJob job)
    {
        Expired++;
        Release(job, "unknown");
    }

    void Succeed(ModelJob job)
    {
        Unlock(job);
        Note(job, "success");
        Acknowledge(job);
    }

    /// <summary>Nobody will work on it any more, as it is.</summary>
    ModelJob Release(ModelJob job, string state)
    {
        Unlock(job);
        job = EndDebounce(job);
        Note(job, state);
        return Execute(job);
    }

    void Bury(ModelJob job) => Dead.Add(Release(job, "dead"), Now + DeadFor, ++_sequence);

    void Unlock(ModelJob job)
    {
        if (job.UniqueKey is { } key && _locks.TryGetValue(key, out var held) && held.Jid == job.Jid)
            _locks.Remove(key);
    }

    void Note(ModelJob job, string state)
    {
        if (job.IsTracked)
            _tracks[job.Jid] = (FindTrack(job.Jid) ?? new ModelTrack(state, 0, null, false)) with { State = state, UpdatedAt = Now, IsUnsure = false };
    }

    // With its queue, which changes nothing of what its worker said and when.
    void NoteGone(ModelJob job)
    {
        if (job.IsTracked && _tracks.TryGetValue(job.Jid, out var track))
            _tracks[job.Jid] = track with { State = "unknown" };
    }

    // Once a minute what is over is forgotten, and a clock that is set back does not bring it back.
    void Sweep()
    {
        if (Steady < _sweepsAt)
            return;
        _sweepsAt = Steady + SweepEvery;
        foreach (var over in _locks.Where(l => l.Value.Until <= Now).Select(l => l.Key).ToArray())
            _locks.Remove(over);
        SweepBatches();
        foreach (var over in _tracks.Keys.Where(jid => FindTrack(jid) is null).ToArray())
            _tracks.Remove(over);
    }
}
