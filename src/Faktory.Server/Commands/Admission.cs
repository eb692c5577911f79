using Faktory.Server.Engine;
using Faktory.Server.Jobs;

namespace Faktory.Server.Commands;

/// <summary>Whether the server has room for one more job. What is there already can always be fetched and acknowledged.</summary>
static class Admission
{
    internal static string? Refuse(JobEngine engine, Submission job)
    {
        if (engine.IsDraining)
            return "this server is draining and takes no new jobs";
        if (engine.Queues.KnownCount >= engine.Limits.QueuesMax && engine.Queues.Find(job.Queue) is null)
            return $"cannot create queue \"{job.Queue}\": there are {engine.Limits.QueuesMax} queues already, which is the limit";
        return engine.Room.Refuse(engine.Limits);
    }
}
