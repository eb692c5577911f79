using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Reconciliation;

/// <summary>What was compared.</summary>
public enum ComparedKind
{
    Subscription,
    Invoice,

    /// <summary>One movement of money at the provider against its journal.</summary>
    BalanceTransaction,

    /// <summary>All of the provider's money against the ledger's account.</summary>
    Balance,
    Transfer,
    ConnectedAccount,

    /// <summary>What is paid for against what runs.</summary>
    Entitlement,
}

public enum DifferenceClass
{
    /// <summary>The provider has it and we do not. Mended by itself, by reading it again as after an event.</summary>
    MissingHere,

    /// <summary>We have it and the provider does not.</summary>
    MissingThere,

    /// <summary>Both have it, with other amounts.</summary>
    Amount,

    /// <summary>Both have it, in other states.</summary>
    State,
}

/// <summary>What the provider and we said differently when both were asked. One is open for a kind, subject and class; it is resolved when a later comparison does not find it, or by a person.</summary>
public sealed class Difference
{
    public required DifferenceId Id { get; init; }
    public required ComparedKind Kind { get; init; }
    public required DifferenceClass Class { get; init; }

    /// <summary>The provider's id of the object; an instance's where its entitlement is compared; a currency where balances are.</summary>
    public required string Subject { get; init; }
    public OrganizationId? OrganizationId { get; init; }
    public required string Ours { get; set; }
    public required string Theirs { get; set; }
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>When it was found the last time.</summary>
    public required DateTimeOffset SeenAt { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>Who closed it, and null where it went away.</summary>
    public string? ClosedBy { get; set; }
    public string? CloseReason { get; set; }
}

public enum ReconciliationKind
{
    /// <summary>The provider's list of events is read into the inbox.</summary>
    Events,

    /// <summary>Everything is compared.</summary>
    Full,
}

/// <summary>One time that the provider was asked.</summary>
public sealed class ReconciliationRun
{
    public required ReconciliationRunId Id { get; init; }
    public required ReconciliationKind Kind { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it runs, and where it died.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Up to when it has seen everything: the next one begins there, a little earlier.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>How many objects or events were looked at.</summary>
    public int Looked { get; set; }

    /// <summary>How many events were new here, or how many differences are open after it.</summary>
    public int Found { get; set; }
    public string? Error { get; set; }
}
