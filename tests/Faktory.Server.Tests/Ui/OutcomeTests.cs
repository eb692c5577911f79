using Faktory.Server.Ui.Actions;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Tests.Ui;

public sealed class OutcomeTests
{
    readonly Outcomes _outcomes = new();

    [Fact]
    public async Task Only_so_many_actions_run_at_once_and_all_end_when_they_are_told_to()
    {
        var began = Enumerable.Range(0, Outcomes.RunningMax).Select(_ => _outcomes.TryRun(new Outcome(Phrase.DeletedJobs), UntilStopped)).ToArray();
        began.ShouldAllBe(o => o != null);
        _outcomes.TryRun(new Outcome(Phrase.DeletedJobs), UntilStopped).ShouldBeNull();

        began[0]!.Stop();
        while (!began[0]!.IsOver)
            await Task.Yield();
        _outcomes.TryRun(new Outcome(Phrase.DeletedJobs), UntilStopped).ShouldNotBeNull();

        await _outcomes.StopAsync();
        began.ShouldAllBe(o => o!.IsOver);
    }

    [Fact]
    public async Task The_last_outcomes_are_kept_and_those_under_way()
    {
        var running = _outcomes.TryRun(new Outcome(Phrase.DeletedJobs), UntilStopped)!;
        var first = _outcomes.Keep(Outcome.Of(Phrase.DeletedJobs, 1));
        foreach (var _ in Enumerable.Range(0, 100))
            _outcomes.Keep(Outcome.Of(Phrase.DeletedJobs, 1));

        _outcomes.Find(running.Id).ShouldBe(running);
        _outcomes.Find(first.Id).ShouldBeNull();
        await _outcomes.StopAsync();
    }

    static async Task UntilStopped(Outcome outcome)
    {
        while (!outcome.IsStopping)
            await Task.Yield();
        outcome.End();
    }
}
