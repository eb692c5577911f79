using Faktory.Server.Engine;

namespace Faktory.Server.Ui.Pages;

/// <summary>The numbers beside the links to the pages.</summary>
sealed record NavCounts(long Busy, long Queues, long Retries, long Scheduled, long Dead)
{
    /// <summary>Runs in the engine.</summary>
    internal static NavCounts Take(JobEngine engine) =>
        new(engine.Reservations.Count, engine.Queues.KnownCount, engine.Retries.Count, engine.Scheduled.Count, engine.Dead.Count);
}
