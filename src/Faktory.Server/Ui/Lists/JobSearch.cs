using Faktory.Server.Engine;

namespace Faktory.Server.Ui.Lists;

readonly record struct FoundJob(JobPosition At, JobView Job);

/// <summary>What a look through a list gave.</summary>
/// <param name="Jobs">In the order of the list.</param>
/// <param name="LookedAt">How many jobs were compared with the filter.</param>
/// <param name="Next">After which job the search goes on; null at the list's end.</param>
sealed record FoundJobs(IReadOnlyList<FoundJob> Jobs, long LookedAt, JobPosition? Next);

/// <summary>Looks through a list step by step, so that commands get their turn between; their JSON is read on the asking thread.</summary>
static class JobSearch
{
    internal const int PageJobsMax = 50;

    /// <summary>How far one page looks for jobs that match before it asks whether to go on.</summary>
    internal const int LookedAtMax = 50_000;

    internal static async Task<FoundJobs> FindAsync(EngineLoop engine, JobList list, JobFilter filter, JobPosition? after, bool isBackward, CancellationToken cancel)
    {
        var found = new List<FoundJob>();
        var lookedAt = 0L;
        // One more than needed at most, to know whether there is another page.
        while (lookedAt < LookedAtMax)
        {
            cancel.ThrowIfCancellationRequested();
            var (from, wanted) = (after, filter.IsEmpty ? PageJobsMax + 1 - found.Count : JobList.StepJobsMax);
            var part = await engine.CallAsync(e => list.Read(e, from, isBackward, wanted));
            if (part.Count == 0)
                return new FoundJobs(found, lookedAt, null);
            foreach (var (at, record) in part)
            {
                var job = JobView.Read(record);
                if (filter.Matches(job))
                {
                    if (found.Count == PageJobsMax)
                        return new FoundJobs(found, lookedAt, after);
                    found.Add(new FoundJob(at, job));
                }
                lookedAt++;
                after = at;
            }
        }
        return new FoundJobs(found, lookedAt, after);
    }
}
