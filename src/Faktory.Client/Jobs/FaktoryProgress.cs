namespace Faktory.Client;

/// <summary>Where a tracked job is.</summary>
public enum FaktoryJobState
{
    /// <summary>It is not tracked, was deleted, or its last change is more than 30 minutes ago.</summary>
    Unknown,

    /// <summary>In its queue, or scheduled.</summary>
    Enqueued,

    /// <summary>A worker has it.</summary>
    Working,

    /// <summary>Done.</summary>
    Success,

    /// <summary>Failed, to be retried unless it asked for no retry.</summary>
    Failed,

    /// <summary>Failed for good.</summary>
    Dead,
}

/// <summary>How far a job is.</summary>
/// <param name="Jid">The job.</param>
/// <param name="State">Where it is.</param>
/// <param name="Percent">0 to 100, as its worker last said; null when it did not.</param>
/// <param name="Description">As its worker last said; null when it did not.</param>
/// <param name="UpdatedAt">The last change; null when nothing is known.</param>
public sealed record FaktoryProgress(string Jid, FaktoryJobState State, int? Percent, string? Description, DateTimeOffset? UpdatedAt);
