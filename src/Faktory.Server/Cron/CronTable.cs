using System.Buffers.Text;
using System.Text;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Cron;

/// <summary>
/// Enqueues jobs by the clock. That a time is settled is in the same write as its job, so each is enqueued once, whatever happens in between.
/// Belongs to whoever runs the engine.
/// </summary>
sealed class CronTable(JobEngine engine, JobStore store, Random random)
{
    /// <summary>Later than this a run counts as missed: a restart takes a moment.</summary>
    internal static readonly TimeSpan LateMax = TimeSpan.FromMinutes(1);

    // What was settled further ahead than this was settled by a clock that was wrong.
    static readonly TimeSpan AheadMax = TimeSpan.FromDays(1);

    const int RunsMax = 100;

    readonly DueHeap<CronRun> _runs = new();
    Dictionary<string, CronRun> _byId = [];

    /// <summary>The next time of any; <see cref="TimedSet.Never"/> for none.</summary>
    internal long NextAt => _runs.First?.DueAt ?? TimedSet.Never;

    /// <summary>In the order in which they were configured.</summary>
    internal IReadOnlyCollection<CronRun> All => _byId.Values;

    internal CronRun? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Puts entries in force. One that was not there before has its first time after now.</summary>
    internal void Follow(IReadOnlyList<CronEntry> entries)
    {
        var stored = ReadStored();
        var now = engine.Now;
        var earlier = _byId;
        _runs.Clear();
        _byId = [];
        foreach (var entry in entries)
        {
            var run = new CronRun(entry) { SettledAt = now, Problem = earlier.GetValueOrDefault(entry.Id)?.Problem };
            _byId.Add(entry.Id, run);
            if (stored.Remove(entry.Id, out var state))
                run.Read(state);
            if (run.SettledAt > now + AheadMax.Ticks)
                run.SettledAt = now;
            Save(run);
            _runs.Add(run, entry.After(run.SettledAt) ?? TimedSet.Never);
        }
        foreach (var gone in stored.Keys)
            store.Batch.Delete(Key(gone));
    }

    internal void Run()
    {
        var now = engine.Now;
        for (var i = 0; i < RunsMax && _runs.First is { } run && run.DueAt <= now; i++)
        {
            var isMissed = run.DueAt + LateMax.Ticks < now;
            if (isMissed && !run.IsPaused && engine.Features.IsOn(Feature.Cron))
                engine.Uses.CronMissed++;
            if (run.IsPaused || !engine.Features.IsOn(Feature.Cron))
            {
                run.SettledAt = now;
            }
            else if (isMissed && !run.Entry.RunsMissed)
            {
                run.SettledAt = now - LateMax.Ticks;
            }
            else
            {
                Enqueue(run);
                // However many were missed, one makes up for them.
                run.SettledAt = isMissed ? now : run.DueAt;
            }
            Save(run);
            _runs.Move(run, run.Entry.After(run.SettledAt) ?? TimedSet.Never);
        }
    }

    /// <summary>Enqueues it now, beside its times.</summary>
    internal void RunNow(CronRun run)
    {
        Enqueue(run);
        Save(run);
    }

    /// <summary>What falls into a pause is not made up for.</summary>
    internal void Pause(CronRun run, bool isPaused)
    {
        run.IsPaused = isPaused;
        run.SettledAt = Math.Max(run.SettledAt, engine.Now);
        Save(run);
        _runs.Move(run, run.Entry.After(run.SettledAt) ?? TimedSet.Never);
    }

    void Enqueue(CronRun run)
    {
        Span<byte> id = stackalloc byte[15];
        random.NextBytes(id);
        run.Problem = run.Entry.TrySubmit($"cron-{Base64Url.EncodeToString(id)}", engine.Now, out var job) ?? Admission.Refuse(engine, job!)?.Text;
        if (run.Problem is not null)
        {
            engine.Uses.CronFailed++;
            return;
        }
        engine.Accept(job!);
        engine.Uses.CronRuns++;
        run.LastRunAt = engine.Now;
    }

    void Save(CronRun run) => store.Batch.Put(Key(run.Entry.Id), run.Write());

    Dictionary<string, byte[]> ReadStored()
    {
        store.WritePending();
        var states = new Dictionary<string, byte[]>();
        using var stored = store.Database.Scan([Keys.Cron], [Keys.Cron + 1]);
        for (; stored.IsValid; stored.Next())
            states.Add(Encoding.UTF8.GetString(stored.Key[1..]), stored.CopyValue());
        return states;
    }

    static byte[] Key(string id) => [Keys.Cron, .. Encoding.UTF8.GetBytes(id)];
}
