using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Lists;

/// <summary>The jobs that wait in a queue, in the order of fetching. It has no way back: a job's predecessors may be gone any moment.</summary>
sealed class QueueList(string name) : JobList
{
    static readonly JobAction[] OnlyDelete = [JobAction.Delete];

    internal override string Path => "/queues/" + Uri.EscapeDataString(name);

    internal override Phrase Title => Phrase.Queue;

    internal override string Name => name;

    internal override IReadOnlyList<JobAction> Actions => OnlyDelete;

    internal override long? Count(JobEngine engine) => engine.Queues.Find(name)?.Count;

    internal override List<ListedJob> Read(JobEngine engine, JobPosition? after, bool isBackward, int jobsMax)
    {
        var jobs = engine.Queues.Find(name)?.Read((byte)(after?.Major ?? 0), (after?.Sequence ?? 0) + 1, jobsMax) ?? [];
        return [.. jobs.Select(j => new ListedJob(new JobPosition(j.At.Lane, j.At.Sequence), j.Record))];
    }

    internal override JobRecord? Find(JobEngine engine, JobPosition at) => engine.Queues.Find(name)?.Find((byte)at.Major, at.Sequence);

    internal override int Apply(JobEngine engine, IEnumerable<JobPosition> jobs, JobAction action) =>
        engine.Queues.Find(name) is { } queue ? jobs.Count(at => engine.Removals.DeleteQueued(queue, (byte)at.Major, at.Sequence)) : 0;

    internal override JobPosition? Parse(string text) => base.Parse(text) is { Major: <= Queues.JobQueue.Lanes } at ? at : null;
}
