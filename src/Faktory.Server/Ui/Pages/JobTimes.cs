using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Lists;

namespace Faktory.Server.Ui.Pages;

static class JobTimes
{
    /// <summary>The time that matters in the list: when it is due, when it died, since when it waits. 100 ns since 1970; null when unknown.</summary>
    internal static long? Of(JobList list, JobPosition at, JobView job) => list switch
    {
        SetList { IsOfDead: true } => at.Major - FailurePolicy.DeadFor.Ticks,
        SetList => at.Major,
        _ => Read(job, "enqueued_at"),
    };

    /// <summary>A member of the job that is a timestamp.</summary>
    internal static long? Read(JobView job, string member) =>
        job.Plain.TryGetValue(member, out var text) && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var at) ? at : null;
}
