using System.Buffers.Text;

namespace Faktory.Server.Tests.Simulation;

// Jobs by the clock. The schedules are such that two are never due together, and at full minutes that can be computed.
sealed partial class EngineModel
{
    const long LateMax = TimeSpan.TicksPerMinute;
    const long AheadMax = TimeSpan.TicksPerDay;

    readonly LoadedDice _dice = new();
    readonly Dictionary<string, ModelCron> _cron = [];

    /// <summary>How many jobs it has enqueued.</summary>
    internal int CronRuns { get; private set; }

    internal ModelCron? FindCron(string id) => _cron.GetValueOrDefault(id);

    internal void PauseCron(string id, bool isPaused)
    {
        _cron[id].IsPaused = isPaused;
        _cron[id].SettledAt = Math.Max(_cron[id].SettledAt, Now);
    }

    internal void RunCronNow(string id)
    {
        Enqueue(_cron[id]);
        ServeWoken();
    }

    void FollowCron(CronSpec[] entries)
    {
        foreach (var gone in _cron.Keys.Except(entries.Select(e => e.Id)).ToArray())
            _cron.Remove(gone);
        foreach (var entry in entries)
        {
            var run = _cron[entry.Id] = _cron.GetValueOrDefault(entry.Id) ?? new ModelCron(entry) { SettledAt = Now };
            if (run.SettledAt > Now + AheadMax)
                run.SettledAt = Now;
        }
    }

    void RunCron()
    {
        while (_cron.Values.MinBy(c => c.DueAt) is { } run && run.DueAt <= Now)
        {
            var isMissed = run.DueAt + LateMax < Now;
            if (run.IsPaused || Off.Contains("cron"))
            {
                run.SettledAt = Now;
            }
            else if (isMissed && !run.Entry.RunsMissed)
            {
                run.SettledAt = Now - LateMax;
            }
            else
            {
                Enqueue(run);
                run.SettledAt = isMissed ? Now : run.DueAt;
            }
        }
    }

    void Enqueue(ModelCron run)
    {
        if (Accept(run.Entry.Job with { Jid = $"cron-{Draw(15)}" }) is not null)
            return;
        run.LastRunAt = Now;
        CronRuns++;
    }

    string Draw(int length)
    {
        var bytes = new byte[length];
        _dice.NextBytes(bytes.AsSpan());
        return Base64Url.EncodeToString(bytes);
    }
}

/// <param name="Id">Its name.</param>
/// <param name="Every">Minutes, that an hour is a multiple of.</param>
/// <param name="At">And so many minutes behind it.</param>
/// <param name="RunsMissed">What was missed is made up for, once.</param>
/// <param name="Job">Without a jid.</param>
sealed record CronSpec(string Id, int Every, int At, bool RunsMissed, JobSpec Job)
{
    internal string Schedule => Every == 60 ? $"{At} * * * *" : $"{At}-59/{Every} * * * *";
}

sealed class ModelCron(CronSpec entry)
{
    internal CronSpec Entry => entry;
    internal long SettledAt;
    internal long LastRunAt;
    internal bool IsPaused;

    /// <summary>The first full minute of its schedule after what is settled.</summary>
    internal long DueAt
    {
        get
        {
            var (every, at) = (entry.Every * TimeSpan.TicksPerMinute, entry.At * TimeSpan.TicksPerMinute);
            return ((SettledAt - at) / every + 1) * every + at;
        }
    }
}
