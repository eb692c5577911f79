namespace Faktory.Server.Ui.Actions;

/// <summary>The outcomes of the last actions, and those that are still under way. Any thread.</summary>
sealed class Outcomes
{
    /// <summary>How many actions on whole lists may run at once: each takes turns of the engine.</summary>
    internal const int RunningMax = 4;

    const int KeptMax = 64;

    readonly object _gate = new();
    readonly List<(Outcome Outcome, Task Run)> _kept = [];

    internal Outcome? Find(string id)
    {
        lock (_gate)
            return _kept.Select(k => k.Outcome).FirstOrDefault(o => o.Id == id);
    }

    internal Outcome Keep(Outcome outcome) => TryRun(outcome, _ => Task.CompletedTask)!;

    /// <summary>Null when too many run already.</summary>
    internal Outcome? TryRun(Outcome outcome, Func<Outcome, Task> run)
    {
        lock (_gate)
        {
            if (!outcome.IsOver && _kept.Count(k => !k.Outcome.IsOver) >= RunningMax)
                return null;
            while (_kept.Count >= KeptMax && _kept.FindIndex(k => k.Outcome.IsOver) is >= 0 and var oldest)
                _kept.RemoveAt(oldest);
            _kept.Add((outcome, run(outcome)));
            return outcome;
        }
    }

    /// <summary>Waits a moment, so that a short action is over when its page is shown.</summary>
    internal Task GiveTimeAsync(Outcome outcome, TimeSpan time, TimeProvider clock)
    {
        lock (_gate)
            return Task.WhenAny(_kept.Find(k => k.Outcome == outcome).Run ?? Task.CompletedTask, Task.Delay(time, clock));
    }

    /// <summary>Ends what runs, at the next step.</summary>
    internal Task StopAsync()
    {
        lock (_gate)
        {
            foreach (var (outcome, _) in _kept)
                outcome.Stop();
            return Task.WhenAll(_kept.Select(k => k.Run));
        }
    }
}
