namespace Faktory.Server.Metrics;

/// <summary>How often features came into play since the engine was made. Belongs to whoever runs the engine.</summary>
sealed class FeatureUse
{
    /// <summary>Jobs that were refused because there is one like them.</summary>
    internal long NotUnique;

    /// <summary>Jobs taken that are tracked.</summary>
    internal long Tracked;

    internal long Cancelled;

    /// <summary>Jobs that their workers gave back.</summary>
    internal long GivenBack;

    /// <summary>Jobs that were put off because the rate of their type was used up.</summary>
    internal long PutOff;

    /// <summary>Jobs that the clock, or somebody by hand, enqueued.</summary>
    internal long CronRuns;

    /// <summary>Times that were over by more than a moment when the server came to them.</summary>
    internal long CronMissed;

    /// <summary>Runs whose job could not be pushed.</summary>
    internal long CronFailed;
}
