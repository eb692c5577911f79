using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Scheduling;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Lists;

/// <summary>The scheduled, the retried or the dead jobs. A job's place in it is written <c>timestamp~sequence</c>.</summary>
sealed class SetList : JobList
{
    readonly Func<JobEngine, TimedSet> _set;

    internal static readonly SetList Retries = new("/retries", Phrase.Retries, [JobAction.Retry, JobAction.Kill, JobAction.Delete], e => e.Retries);
    internal static readonly SetList Scheduled = new("/scheduled", Phrase.Scheduled, [JobAction.Retry, JobAction.Kill, JobAction.Delete], e => e.Scheduled);
    internal static readonly SetList Dead = new("/morgue", Phrase.Dead, [JobAction.Retry, JobAction.Delete], e => e.Dead) { IsOfDead = true };

    SetList(string path, Phrase title, JobAction[] actions, Func<JobEngine, TimedSet> set)
    {
        (Path, Title, Actions, _set) = (path, title, actions, set);
    }

    internal bool IsOfDead { get; private init; }

    internal override string Path { get; }

    internal override Phrase Title { get; }

    internal override IReadOnlyList<JobAction> Actions { get; }

    internal override bool IsNewestFirst => IsOfDead;

    internal override long? Count(JobEngine engine) => _set(engine).Count;

    internal override List<ListedJob> Read(JobEngine engine, JobPosition? after, bool isBackward, int jobsMax) =>
        [.. _set(engine).Read(after is { } at ? KeyOf(at) : null, isBackward, jobsMax).Select(j => new ListedJob(new JobPosition(j.Key.DueAt, j.Key.Sequence), j.Record))];

    internal override JobRecord? Find(JobEngine engine, JobPosition at) => _set(engine).Find(KeyOf(at));

    internal override int Apply(JobEngine engine, IEnumerable<JobPosition> jobs, JobAction action)
    {
        var now = engine.Now;
        var done = 0;
        foreach (var at in jobs)
        {
            if (_set(engine).Take(KeyOf(at)) is not { } job)
                continue;
            done++;
            if (action == JobAction.Retry)
                engine.Timers.Promote(job, now);
            else if (action == JobAction.Kill)
                engine.Removals.Bury(job);
            else
                engine.Removals.Release(job);
        }
        return done;
    }

    internal override long? TryClear(JobEngine engine)
    {
        var jobs = _set(engine).Count;
        engine.Removals.Clear(_set(engine));
        return jobs;
    }

    internal override string Format(JobPosition at) => $"{Rfc3339.Format(at.Major)}~{at.Sequence}";

    internal override JobPosition? Parse(string text) =>
        text.Split('~', 2) is [var due, var sequence] && TryParse(sequence, out var number) && Rfc3339.TryParse(Encoding.UTF8.GetBytes(due), out var dueAt) && dueAt >= 0
            ? new JobPosition(dueAt, number)
            : null;

    static TimedKey KeyOf(JobPosition at) => new(at.Major, at.Sequence);
}
