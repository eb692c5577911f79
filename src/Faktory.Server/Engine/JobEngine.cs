using Faktory.Server.Batches;
using Faktory.Server.Commands;
using Faktory.Server.Cron;
using Faktory.Server.Debouncing;
using Faktory.Server.Expiry;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Faktory.Server.Protocol;
using Faktory.Server.Queues;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;
using Faktory.Server.Throttling;
using Faktory.Server.Tracking;
using Faktory.Server.Unique;
using Faktory.Server.Workers;

namespace Faktory.Server.Engine;

/// <summary>
/// All state of one Faktory: queues, reservations, sets ordered by time, workers. It takes commands and a clock and changes a store;
/// no socket and no thread in sight. One caller at a time: in the server that is <see cref="EngineLoop"/>.
/// </summary>
/// <remarks>
/// What belongs together is put into the store's batch between two possible writes. Anything that reads the store may write
/// the batch first, so every step reads before it changes.
/// </remarks>
sealed class JobEngine
{
    // How many jobs one FETCH may find over or put off before others have their turn.
    const int PassedOverMax = 1000;

    readonly TimeProvider _clock;
    readonly long _startTimestamp;
    readonly List<JobQueue> _unfinished = [];

    internal JobEngine(JobStore store, TimeProvider clock, Random random)
    {
        Store = store;
        _clock = clock;
        _startTimestamp = clock.GetTimestamp();
        Queues = new QueueTable(store);
        Locks = new UniqueLocks(store, id => Queues.Find(id) is not null);
        Expiry = new ExpiryIndex(store);
        Batches = new BatchFlow(this, store, random);
        Tracks = new TrackTable(store, () => Now, id => Queues.Find(id) is not null);
        Debounces = new Debounces(this, store);
        Reservations = new ReservationTable(store);
        Scheduled = new TimedSet(Keys.Scheduled, store, store.Counters.Scheduled);
        Retries = new TimedSet(Keys.Retries, store, store.Counters.Retries);
        Dead = new TimedSet(Keys.Dead, store, store.Counters.Dead);
        Failures = new FailurePolicy(this, random);
        Timers = new EngineTimers(this);
        Waiting = new WaitingFetches(this);
        Removals = new Removals(this);
        Throttles = new Throttles(this);
        Cron = new CronTable(this, store, random);
        Cancellations = new Cancellations(this);
        Weights = new QueueWeights(random);
        Reservations.Ended = Throttles.Release;
        History = new DailyHistory(store, () => Now);
        Room = new StorageRoom(store, store.Disk, clock);

        Reservations.Load(expiresAt => SteadyNow + Math.Clamp(expiresAt - Now, 0, TimeSpan.TicksPerDay));
        Queues.Load(Reservations.All.Select(r => r.Location));
        Scheduled.Load();
        Retries.Load();
        Dead.Load();
        Locks.Load();
        Expiry.Load();
        Tracks.Load();
        Debounces.Load();
        Batches.Load();
    }

    internal JobStore Store { get; }
    internal EngineLimits Limits { get; set; } = EngineLimits.Default;
    internal QueueTable Queues { get; }
    internal ReservationTable Reservations { get; }
    internal TimedSet Scheduled { get; }
    internal TimedSet Retries { get; }
    internal TimedSet Dead { get; }
    internal UniqueLocks Locks { get; }
    internal ExpiryIndex Expiry { get; }
    internal BatchFlow Batches { get; }
    internal TrackTable Tracks { get; }
    internal Debounces Debounces { get; }
    internal Throttles Throttles { get; }
    internal CronTable Cron { get; }
    internal Cancellations Cancellations { get; }
    internal QueueWeights Weights { get; }
    internal FeatureSet Features { get; set; } = FeatureSet.All;
    internal WorkerRegistry Workers { get; } = new();
    internal FailurePolicy Failures { get; }
    internal EngineTimers Timers { get; }
    internal WaitingFetches Waiting { get; }
    internal Removals Removals { get; }
    internal StorageRoom Room { get; }
    internal DailyHistory History { get; }
    internal FeatureUse Uses { get; } = new();

    /// <summary>How long jobs waited in their queue before they were fetched.</summary>
    internal Histogram Latency { get; } = new(0.001, 0.01, 0.1, 1, 10, 60, 600, 3600);

    /// <summary>How long workers had jobs before they acknowledged or failed them.</summary>
    internal Histogram Perform { get; } = new(0.001, 0.01, 0.1, 1, 10, 60, 600, 3600);

    /// <summary>FETCH gets nothing and PUSH is refused.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>Answers that may leave once the batch is written, and those that also wait for the sync.</summary>
    internal List<Command> AnsweredOnWrite { get; private set; } = [];

    internal List<Command> AnsweredOnSync { get; private set; } = [];

    /// <summary>The time of day, in 100 ns since 1970. What users see and ask for is by this clock.</summary>
    internal long Now => Rfc3339.ToUnixTicks(_clock.GetUtcNow());

    /// <summary>100 ns since the engine was made, which no change of the clock moves. Reservations and heartbeats end by this one.</summary>
    internal long SteadyNow => _clock.GetElapsedTime(_startTimestamp).Ticks;

    internal void Execute(Command command)
    {
        command.Execute(this);
        Waiting.Serve();
    }

    /// <summary>Does what is due; at most a bounded part of it, so that commands are not held up.</summary>
    internal void Tick()
    {
        _unfinished.ForEach(Wake);
        _unfinished.Clear();
        Timers.Run();
        Cancellations.Run();
        Waiting.Serve();
    }

    /// <summary>Whether there is more to do at once.</summary>
    internal bool IsUnfinished => _unfinished.Count > 0 || Cancellations.IsSearching;

    /// <summary>The answer leaves as soon as the batch is written: nothing is promised by it.</summary>
    internal void Answer(Command command, Reply reply)
    {
        command.Reply = reply;
        AnsweredOnWrite.Add(command);
    }

    /// <summary>The answer is a promise, and waits until what was written so far is durable.</summary>
    internal void AnswerWhenSynced(Command command, Reply reply)
    {
        command.Reply = reply;
        AnsweredOnSync.Add(command);
    }

    /// <summary>Commands that nobody has been told the outcome of.</summary>
    internal IEnumerable<Command> Unanswered => AnsweredOnWrite.Concat(AnsweredOnSync).Concat(Waiting.All);

    /// <summary>Hands over the answers that may leave, and starts a new list of them.</summary>
    internal List<Command> TakeAnsweredOnWrite()
    {
        var answered = AnsweredOnWrite;
        AnsweredOnWrite = [];
        return answered;
    }

    /// <summary>Hands over the answers to be synced, and starts a new list of them.</summary>
    internal List<Command> TakeAnsweredOnSync()
    {
        var answered = AnsweredOnSync;
        AnsweredOnSync = [];
        return answered;
    }

    /// <summary>Takes a new job. Begins a step, since it may read the store; serves nobody yet.</summary>
    internal void Accept(Submission job)
    {
        if (job.Traits.IsTracked)
            Uses.Tracked++;
        if (job is { Window: { } window, Traits.DebounceKey: { } key })
        {
            Debounces.Place(job, key, window);
            return;
        }
        Batches.Join(job.Traits);
        Place(job);
    }

    /// <summary>Puts a checked job, new or not, where it belongs. Part of a step: serves nobody yet.</summary>
    internal void Place(Submission job)
    {
        if (job.DueAt is { } due)
        {
            Scheduled.Add(job.Record, due);
            Tracks.Note(job.Traits, job.Record.Jid, TrackedState.Enqueued);
            if (job is { Traits.UniqueKey: { } key, UniqueUntil: { } until })
                Locks.Take(key, job.Record.Jid, until, home: 0);
            return;
        }
        var queue = Queues.GetOrCreate(job.Queue);
        var location = queue.Append(job.Record, job.Lane);
        if (!job.Traits.IsNone)
            Follow(job, location);
        Store.Counters.Enqueued++;
        Wake(queue);
    }

    /// <summary>Marks a queue whose waiting FETCHes may be served now.</summary>
    internal void Wake(JobQueue queue) => Waiting.Wake(queue);

    /// <summary>Reserves the first job of the first queue that has one.</summary>
    internal bool TryGive(Fetch fetch)
    {
        if (!MayBeGiven(fetch))
            return false;
        foreach (var name in Weights.Order(fetch.Queues))
        {
            if (Queues.Find(name) is { IsPaused: false, Count: > 0 } queue && Give(fetch, queue))
                return true;
        }
        return false;
    }

    /// <summary>Undoes a reservation whose job never reached its worker: the job is first in its queue again.</summary>
    internal void Return(Reservation reservation)
    {
        if (!reservation.IsHeld)
            return;
        var record = ReadJob(reservation);
        Reservations.Remove(reservation);
        var location = reservation.Location;
        // By its number or the job's own word: a reservation that a start has read does not know the name.
        var queue = Queues.Find(location.QueueId) ?? Queues.GetOrCreate(JobFields.Read(record.Json.Span).Queue);
        if (queue.Id == location.QueueId)
        {
            Queues.Forget(location);
            queue.Return(location, record);
        }
        else
        {
            // The queue was removed meanwhile, and is made anew.
            DeleteJob(reservation);
            location = queue.Append(record, location.Lane);
        }
        if (record.Traits.Length > 0)
            Follow(new Submission(record, queue.Name, location.Lane, null, reservation.Traits), location);
        Wake(queue);
    }

    /// <summary>A reserved job's bytes. Reads the store: first in a step.</summary>
    internal JobRecord ReadJob(Reservation reservation)
    {
        Store.WritePending();
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        var bytes = Store.Database.Get(Keys.At(Keys.Job, reservation.Location, key))
            ?? throw new CorruptStorageException($"a reservation has no job: {reservation.Location}");
        return JobRecord.Read(bytes);
    }

    internal void DeleteJob(Reservation reservation)
    {
        Queues.Forget(reservation.Location);
        Store.DeleteJob(reservation.Location);
    }

    internal bool Drain(bool isDraining)
    {
        IsDraining = isDraining;
        foreach (var queue in Queues.Known)
            Wake(queue);
        return isDraining;
    }

    internal bool MayBeGiven(Fetch fetch) => !IsDraining && !fetch.Session.IsGone && Workers.MayWork(fetch.Session);

    /// <summary>Reserves the first job of a queue. False when all that was looked at had expired or has been put off.</summary>
    internal bool Give(Fetch fetch, JobQueue queue)
    {
        if (!Throttles.MayTake(queue, fetch.Session.Wid))
            return false;
        var now = Now;
        QueuedJob job;
        JobLocation location;
        for (var passedOver = 0; ; passedOver++)
        {
            if (queue.Count == 0)
                return false;
            if (passedOver == PassedOverMax)
            {
                _unfinished.Add(queue);
                return false;
            }
            job = queue.TakeFirst(out location);
            if ((job.Record.Traits.IsEmpty && !Throttles.HasJobTypes && !Cancellations.IsSearching) || TryStart(job.Record, location, now))
                break;
        }
        var reserveFor = Reservation.SecondsFor(job.Record.ReserveForSeconds) * TimeSpan.TicksPerSecond;
        var reservation = new Reservation(location, job.Record.Jid.ToArray(), fetch.Session.Wid, now, job.Record.Traits.ToArray());
        Reservations.Add(reservation, SteadyNow + reserveFor, now + reserveFor);
        Throttles.Take(queue, reservation);
        fetch.Given = reservation;
        Latency.Observe(TimeSpan.FromTicks(Math.Max(0, now - job.Record.EnqueuedAt)));
        Answer(fetch, Reply.Bulk(job.Record.Json));
        return true;
    }

    // The job has left its queue. False when it is dropped or put off, not started.
    bool TryStart(JobRecord job, JobLocation location, long now)
    {
        var traits = JobTraits.Read(job.Traits);
        Unfollow(traits, location);
        if (Cancellations.TakesAway(job, traits, location))
            return false;
        if (traits.ExpiresAt <= now)
        {
            Store.DeleteJob(location);
            Removals.Release(traits, job.Jid);
            Store.Counters.Expired++;
            return false;
        }
        if (!Throttles.MayStart(job, traits))
        {
            Store.DeleteJob(location);
            return false;
        }
        if (traits is { UniqueKey: { } key, IsUniqueUntilStart: true })
            Locks.Release(key, job.Jid);
        Tracks.Note(traits, job.Jid, TrackedState.Working);
        return true;
    }

    // What is noted of a job with traits while it is queued.
    void Follow(Submission job, JobLocation location)
    {
        if (job is { Traits.UniqueKey: { } taken, UniqueUntil: { } until })
            Locks.Take(taken, job.Record.Jid, until, location.QueueId);
        else if (job.Traits.UniqueKey is { } key)
            Locks.Move(key, job.Record.Jid, location.QueueId);
        if (job.Traits.ExpiresAt is { } expiresAt)
            Expiry.Add(expiresAt, location);
        Batches.Enter(job.Traits, location.QueueId);
        Tracks.Note(job.Traits, job.Record.Jid, TrackedState.Enqueued, location.QueueId);
    }

    /// <summary>The job is not queued any more. Part of a step.</summary>
    internal void Unfollow(JobTraits traits, JobLocation location)
    {
        if (traits.ExpiresAt is { } expiresAt)
            Expiry.Remove(expiresAt, location);
        Batches.Leave(traits, location.QueueId);
    }
}
