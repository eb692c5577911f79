using CsCheck;
using Faktory.Server.Throttling;

namespace Faktory.Server.Tests.Simulation;

/// <summary>One thing that a client, the clock or fate does.</summary>
abstract record Step
{
    internal sealed record Push(int Session, JobSpec[] Jobs, bool IsBatch) : Step;
    internal sealed record Fetch(int Session, string[] Queues) : Step;
    internal sealed record Ack(int Session, string? Jid) : Step;
    internal sealed record Fail(int Session, string? Jid) : Step;
    internal sealed record Requeue(int Session, string? Jid) : Step;
    internal sealed record GiveBack(int Session) : Step;
    internal sealed record Beat(string Wid, string State, bool WantsCancelled) : Step;
    internal sealed record Cancel(string Jid) : Step;
    internal sealed record Queue(string Verb, string[] Names, int? PausedFor = null) : Step;
    internal sealed record Mutate(string Operation, string Target, string[] Jids) : Step;
    internal sealed record Flush : Step;
    internal sealed record HangUp(int Session) : Step;
    internal sealed record Wait(long Seconds) : Step;
    internal sealed record SetClock(long Seconds) : Step;
    internal sealed record Restart : Step;

    /// <summary>No sync comes before so many more steps are over: nobody is promised anything.</summary>
    internal sealed record Hold(int Steps) : Step;

    /// <summary>What was not synced is lost.</summary>
    /// <param name="Torn">But for so many bytes of the first write.</param>
    internal sealed record PowerCut(int Torn) : Step;

    internal sealed record NewBatch(int Parent, string? Complete, string? Success, int? Retry) : Step;
    internal sealed record Batch(string Verb, int Number) : Step;
    internal sealed record TrackGet(string Jid) : Step;
    internal sealed record TrackSet(string Jid, int? Percent, int? Seconds) : Step;
    internal sealed record Configure(SimulatedRules Rules) : Step;
    internal sealed record PauseCron(string Id, bool IsPaused) : Step;
    internal sealed record RunCron(string Id) : Step;
}

/// <summary>What is configured; the type of all jobs is the same.</summary>
sealed record SimulatedRules(int? DeadJobsMax, string[] Off, SimulatedThrottle[] Throttles, RateRule? TypeRate, CronSpec[] Cron)
{
    internal static SimulatedRules None { get; } = new(null, [], [], null, []);
}

sealed record SimulatedThrottle(string Queue, QueueRule Rule);

/// <summary>What a job's <c>custom</c> asks of the server; zeros for nothing.</summary>
/// <param name="Batch">1 for the batch that was made last, 2 for the one before.</param>
sealed record JobAsks(int UniqueFor, bool IsUniqueUntilStart, int ExpiresIn, bool IsTracked, int Batch, int DebounceFor = 0, int DebounceMax = 0)
{
    internal static JobAsks Nothing { get; } = new(0, false, 0, false, 0);

    internal long DebounceMaxSeconds => DebounceMax > 0 ? DebounceMax : Math.Min(10L * DebounceFor, 30 * 86_400);
}

/// <param name="Due">Seconds from now; null for no <c>at</c>.</param>
/// <param name="IsLarge">So large that few of them are kept in memory.</param>
sealed record JobSpec(string Jid, string Queue, int Priority, int? Retry, int ReserveFor, int? Due, bool IsLarge, JobAsks Asks)
{
    /// <summary>The batch it joins; known only when it is pushed.</summary>
    internal string? Bid { get; init; }
}

/// <summary>Steps that get in each other's way: few queues, few jids, few sessions.</summary>
static class Steps
{
    /// <summary>By session number; those without a wid are producers. Two belong to one worker.</summary>
    internal static readonly string[] Wids = ["", "", "wid-a", "wid-a", "wid-b"];

    static readonly string[] Queues = ["one", "two", "three"];
    static readonly string[] Features = ["unique", "expiring", "tracking", "batches", "throttles", "cron", "cancel", "debounce"];
    static readonly string[] Jids = [.. Enumerable.Range(0, 10).Select(i => $"job-000{i}")];

    static readonly Gen<int> Session = Gen.Int[0, Wids.Length - 1];
    static readonly Gen<string> Queue = Gen.OneOf(Queues);
    static readonly Gen<string> Jid = Gen.OneOf(Jids);
    static readonly Gen<string[]> SomeQueues = Gen.Shuffle(Queues, 1, Queues.Length);

    static readonly Gen<JobAsks> Asks = Gen.Frequency(
        (1, Gen.Const(JobAsks.Nothing)),
        (1, Gen.Select(
            Gen.OneOf(0, 0, 30, 400, 90_000), Gen.Bool, Gen.OneOf(0, 0, 0, 12, 100, 6000), Gen.Bool, Gen.OneOf(0, 0, 1, 1, 2, 3),
            (uniqueFor, isUntilStart, expiresIn, isTracked, batch) => new JobAsks(uniqueFor, isUntilStart, expiresIn, isTracked, batch))),
        (1, Gen.Select(
            Gen.OneOf(5, 30, 400), Gen.OneOf(0, 0, 400, 900), Gen.OneOf(0, 0, 0, 12), Gen.Bool,
            (window, max, expiresIn, isTracked) => new JobAsks(0, false, expiresIn, isTracked, 0, window, max))));

    // Null for the job that the session was last given.
    static readonly Gen<string?> JobOf = Gen.Frequency((2, Gen.Const((string?)null)), (1, Jid.Select(jid => (string?)jid)));

    static readonly Gen<JobSpec> Job = Gen.Select(
        Jid, Queue, Gen.OneOf(5, 5, 5, 1, 9), Gen.OneOf<int?>(null, null, 0, 1, 2, -1), Gen.OneOf(0, 60, 60, 300),
        Gen.OneOf<int?>(null, null, null, -10, 5, 30, 4000), Gen.Select(Gen.Int[1, 12], Asks),
        (jid, queue, priority, retry, reserveFor, due, more) =>
            new JobSpec(jid, queue, priority, retry, reserveFor, more.Item2.DebounceFor > 0 ? null : due, more.Item1 == 1, more.Item2));

    static readonly Gen<QueueRule> Throttle = Gen.OneOf(
        new QueueRule(1, null, TimeSpan.FromSeconds(1800), null), new QueueRule(2, 1, TimeSpan.FromSeconds(20), null),
        new QueueRule(null, 1, TimeSpan.FromSeconds(100), new RateRule(3, TimeSpan.FromMinutes(1), 2)), new QueueRule(null, null, TimeSpan.FromSeconds(1800), new RateRule(7, TimeSpan.FromHours(1), 1)));

    static readonly CronSpec EveryFive = new("every five minutes", 5, 0, false, new JobSpec("", "one", 5, null, 60, null, false, JobAsks.Nothing));
    static readonly CronSpec Hourly = new("hourly", 60, 2, true, new JobSpec("", "two", 9, 1, 300, null, false, new JobAsks(400, false, 100, true, 0)));

    static readonly Gen<SimulatedRules> Rules = Gen.Select(
        Gen.OneOf<int?>(null, 1, 2), Gen.Frequency((3, Gen.Const(Array.Empty<string>())), (1, Gen.Shuffle(Features, 1, 2))),
        Gen.Frequency((1, Gen.Const(Array.Empty<SimulatedThrottle>())), (1, Gen.Select(Queue, Throttle, (queue, rule) => (SimulatedThrottle[])[new(queue, rule)])), (1, Gen.Select(Throttle, Throttle, (one, two) => (SimulatedThrottle[])[new("one", one), new("two", two)]))),
        Gen.OneOf<RateRule?>(null, null, new RateRule(2, TimeSpan.FromMinutes(1), 2), new RateRule(30, TimeSpan.FromSeconds(1), 1)),
        Gen.OneOf<CronSpec[]>([], [EveryFive], [Hourly], [EveryFive, Hourly, EveryFive with { Id = "again", At = 1 }]),
        (deadJobsMax, off, throttles, typeRate, cron) => new SimulatedRules(deadJobsMax, off, throttles, typeRate, cron));

    static readonly Gen<Step> One = Gen.Frequency<Step>(
        (34, Gen.Select(Session, Job, (session, job) => (Step)new Step.Push(session, [job], false))),
        (4, Gen.Select(Session, Job.Array[0, 5], (session, jobs) => (Step)new Step.Push(session, jobs, true))),
        (18, Gen.Select(Session, SomeQueues, (session, queues) => (Step)new Step.Fetch(session, queues))),
        (14, Gen.Select(Session, JobOf, (session, jid) => (Step)new Step.Ack(session, jid))),
        (10, Gen.Select(Session, JobOf, (session, jid) => (Step)new Step.Fail(session, jid))),
        (6, Gen.Select(Session, JobOf, (session, jid) => (Step)new Step.Requeue(session, jid))),
        (10, Session.Select(session => (Step)new Step.GiveBack(session))),
        (4, Gen.Select(Gen.OneOf("wid-a", "wid-b", "wid-c"), Gen.OneOf("", "", "", "quiet", "terminate"), Gen.Bool, (wid, state, wantsCancelled) => (Step)new Step.Beat(wid, state, wantsCancelled))),
        (4, Jid.Select(jid => (Step)new Step.Cancel(jid))),
        (3, Gen.Select(Gen.OneOf<string[]>(SomeQueues, Gen.Const((string[])["*"])), Gen.OneOf(1, 30, 4000), (names, seconds) => (Step)new Step.Queue("PAUSE", names, seconds))),
        (3, Gen.Select(Gen.OneOf(EveryFive.Id, Hourly.Id), Gen.Bool, (id, isPaused) => (Step)new Step.PauseCron(id, isPaused))),
        (2, Gen.OneOf(EveryFive.Id, Hourly.Id).Select(id => (Step)new Step.RunCron(id))),
        (5, Gen.Select(Gen.OneOf("PAUSE", "RESUME", "RESUME", "REMOVE"), Gen.OneOf<string[]>(SomeQueues, Gen.Const((string[])["*"])), (verb, names) => (Step)new Step.Queue(verb, names))),
        (3, Gen.Select(Gen.OneOf("kill", "discard", "requeue", "requeue", "clear"), Gen.OneOf("scheduled", "retries", "dead"), Jid.Array[0, 2], (operation, target, jids) => (Step)new Step.Mutate(operation, target, jids))),
        (1, Gen.Const((Step)new Step.Flush())),
        (3, Session.Select(session => (Step)new Step.HangUp(session))),
        (12, Gen.OneOf(1L, 2, 10, 23, 60, 61, 400, 5000, 16_000_000).Select(seconds => (Step)new Step.Wait(seconds))),
        (2, Gen.OneOf(-100_000L, -3600, -5, 5, 3600, 100_000).Select(seconds => (Step)new Step.SetClock(seconds))),
        (4, Gen.Const((Step)new Step.Restart())),
        (4, Gen.Int[0, 10].Select(torn => (Step)new Step.PowerCut(torn))),
        (5, Gen.Select(
            Gen.OneOf(0, 0, 1, 2), Queue, Queue, Gen.Int[0, 3], Gen.OneOf<int?>(null, 0, 1),
            (parent, complete, success, which, retry) => (Step)new Step.NewBatch(parent, which == 1 ? null : complete, which == 2 ? null : success, retry))),
        (7, Gen.Select(Gen.OneOf("COMMIT", "COMMIT", "COMMIT", "OPEN"), Gen.Int[1, 3], (verb, number) => (Step)new Step.Batch(verb, number))),
        (5, Jid.Select(jid => (Step)new Step.TrackGet(jid))),
        (3, Gen.Select(Jid, Gen.OneOf<int?>(null, 0, 40, 100), Gen.OneOf<int?>(null, 30, 600, 100_000), (jid, percent, seconds) => (Step)new Step.TrackSet(jid, percent, seconds))),
        (5, Rules.Select(rules => (Step)new Step.Configure(rules))));

    // A start that finds jobs at work between queued ones, and what then happens to the queue.
    static readonly Gen<Step[]> StartAroundReserved = Gen.Select(
        Job, Gen.Int[0, 4],
        (job, next) => (Step[])
        [
            new Step.Push(0, [.. Enumerable.Repeat(job with { Due = null, Asks = JobAsks.Nothing }, 4)], true),
            new Step.Fetch(0, [job.Queue]),
            new Step.Fetch(1, [job.Queue]),
            new Step.GiveBack(0),
            new Step.Restart(),
            next switch { 0 => new Step.Requeue(1, job.Jid), 1 or 2 => new Step.Queue("REMOVE", [job.Queue]), _ => new Step.Fetch(0, [job.Queue]) },
        ]);

    // What is done and not yet promised when the power is cut.
    static readonly Gen<Step[]> Loss = Gen.Select(One.Array[1, 5], Gen.Int[0, 10], (steps, torn) => (Step[])[new Step.Hold(steps.Length), .. steps, new Step.PowerCut(torn)]);

    internal static readonly Gen<Step[]> Any =
        Gen.Frequency((30, One.Select(step => (Step[])[step])), (1, StartAroundReserved), (1, Loss)).Array[1, 60].Select(parts => parts.SelectMany(part => part).ToArray());
}
