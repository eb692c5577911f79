using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Inbox;

public enum InboxState
{
    /// <summary>What it is about has not been read again since; tried from <see cref="InboxEvent.NextAttemptAt"/>.</summary>
    Pending,

    /// <summary>Our rows and the ledger were made equal to what the provider says, in the transaction that wrote this.</summary>
    Done,

    /// <summary>Nothing here follows from it.</summary>
    Ignored,

    /// <summary>Nobody here can read it, or what it is about is not there any more: a person looks at it.</summary>
    Parked,

    /// <summary>It was tried as often as that may be: a person looks at it.</summary>
    Dead,

    /// <summary>A person decided that it is not needed.</summary>
    Skipped,
}

public enum InboxOrigin
{
    Delivered,

    /// <summary>The delivery never came; it was found when the provider's list was read.</summary>
    Reconciled,
}

/// <summary>
/// Something that a payment provider said has happened, once for each of its ids. It tells only which object to read again: what the object is now decides, so that order and repetition do not matter.
/// </summary>
public sealed class InboxEvent
{
    public required InboxEventId Id { get; init; }
    public required string Provider { get; init; }

    /// <summary>The connected account that it happened on; empty for the operator's own.</summary>
    public required string Account { get; init; }

    /// <summary>The provider's id.</summary>
    public required string EventId { get; init; }
    public required string Type { get; init; }
    public string? ApiVersion { get; init; }

    /// <summary>When it happened, by the provider's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The body, as it was signed.</summary>
    public required string Payload { get; init; }
    public required InboxOrigin Origin { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required int DeliveryCount { get; set; }

    /// <summary>What to read again; empty where nothing is.</summary>
    public required string ObjectType { get; set; }
    public required string ObjectId { get; set; }

    /// <summary>Whose work comes one after the other: a customer of the provider, or the object where it has none.</summary>
    public required string LockKey { get; set; }
    public required InboxState State { get; set; }
    public required int Attempts { get; set; }
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>Why it was parked, skipped, or did not work the last time.</summary>
    public string? Error { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}
