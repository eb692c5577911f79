using System.Globalization;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Lists;

/// <summary>Where a job stands in its list.</summary>
/// <param name="Major">What the list is ordered by: the due time of a set, the lane of a queue.</param>
/// <param name="Sequence">Unique in the store; the order among equals.</param>
readonly record struct JobPosition(long Major, ulong Sequence);

readonly record struct ListedJob(JobPosition At, JobRecord Record);

/// <summary>What can be done to a job that nobody works on.</summary>
enum JobAction
{
    Delete,
    Retry,
    Kill,
}

/// <summary>Jobs that people look through: a queue, or one of the sets ordered by time. Its methods run in the engine, each a bounded step.</summary>
abstract class JobList
{
    /// <summary>At most so many jobs in one step of the engine.</summary>
    internal const int StepJobsMax = 200;

    /// <summary>Its path within the UI, escaped.</summary>
    internal abstract string Path { get; }

    internal abstract Phrase Title { get; }

    /// <summary>What makes the title of this list its own, such as a queue's name.</summary>
    internal virtual string Name => "";

    internal abstract IReadOnlyList<JobAction> Actions { get; }

    internal virtual bool IsNewestFirst => false;

    /// <summary>Null where the list itself is gone.</summary>
    internal abstract long? Count(JobEngine engine);

    /// <summary>Empty only where the list ends.</summary>
    internal abstract List<ListedJob> Read(JobEngine engine, JobPosition? after, bool isBackward, int jobsMax);

    internal abstract JobRecord? Find(JobEngine engine, JobPosition at);

    /// <returns>How many of the jobs were still there.</returns>
    internal abstract int Apply(JobEngine engine, IEnumerable<JobPosition> jobs, JobAction action);

    /// <summary>Deletes all its jobs at one stroke. Null where that cannot be done, else how many there were.</summary>
    internal virtual long? TryClear(JobEngine engine) => null;

    internal virtual string Format(JobPosition at) => string.Create(CultureInfo.InvariantCulture, $"{at.Major}~{at.Sequence}");

    internal virtual JobPosition? Parse(string text) =>
        text.Split('~', 2) is [var major, var sequence] && TryParse(sequence, out var number) && long.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var order)
            ? new JobPosition(order, number)
            : null;

    protected static bool TryParse(string text, out ulong sequence) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
}
