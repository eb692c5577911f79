namespace Faktory.Client;

/// <summary>Jobs that belong together, to be made by <see cref="FaktoryProducer.NewBatchAsync"/>. It needs at least one callback.</summary>
public sealed record FaktoryBatch
{
    /// <summary>For people; may be null.</summary>
    public string? Description { get; init; }

    /// <summary>The batch this one is nested in: its callbacks wait for this one's. Null for none.</summary>
    public string? ParentBid { get; init; }

    /// <summary>Enqueued when every job has been executed at least once, whatever came of it.</summary>
    public FaktoryJob? Complete { get; init; }

    /// <summary>Enqueued when every job is done, and the complete callback is, too.</summary>
    public FaktoryJob? Success { get; init; }
}

/// <summary>How far one of a batch's callbacks is.</summary>
public enum FaktoryCallbackState
{
    /// <summary>Not enqueued, or there is none.</summary>
    Pending,

    /// <summary>In its queue, or being worked on or retried.</summary>
    Enqueued,

    /// <summary>Acknowledged.</summary>
    Done,
}

/// <summary>How far a batch is.</summary>
/// <param name="Bid">Its id.</param>
/// <param name="ParentBid">The batch it is nested in, or null.</param>
/// <param name="Description">For people, or null.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Total">Jobs that have joined.</param>
/// <param name="Pending">Of those, how many were never executed.</param>
/// <param name="Failed">How many were executed and are not done.</param>
/// <param name="Complete">Its callback for when all were executed.</param>
/// <param name="Success">Its callback for when all are done.</param>
public sealed record FaktoryBatchStatus(
    string Bid, string? ParentBid, string? Description, DateTimeOffset CreatedAt, long Total, long Pending, long Failed, FaktoryCallbackState Complete, FaktoryCallbackState Success);
