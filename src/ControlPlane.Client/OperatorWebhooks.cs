using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>Something that a payment provider said has happened.</summary>
/// <param name="Account">The connected account that it happened on; empty for the operator's own.</param>
/// <param name="EventId">The provider's id.</param>
/// <param name="Origin">delivered, or reconciled where the delivery never came.</param>
/// <param name="ObjectId">What is read again because of it; empty where nothing is.</param>
/// <param name="State">pending, done, ignored, parked, dead or skipped.</param>
/// <param name="NextAttemptAt">While it is pending.</param>
/// <param name="Error">Why it was parked or skipped, or did not work the last time.</param>
public sealed record InboxEventResource(
    string Id, string Provider, string Account, string EventId, string Type, string? ApiVersion, DateTimeOffset CreatedAt, DateTimeOffset ReceivedAt, string Origin, int DeliveryCount, string ObjectType, string ObjectId,
    string State, int Attempts, DateTimeOffset? NextAttemptAt, string? Error, DateTimeOffset? FinishedAt);

/// <summary>GET /v1/operator/webhooks/{id}</summary>
/// <param name="Payload">The body, as it was signed.</param>
public sealed record InboxEventDetailResource(InboxEventResource Webhook, string Payload);

/// <summary>What the payment provider and this service said differently when both were asked.</summary>
/// <param name="Kind">subscription, invoice, balance_transaction, balance, transfer, connected_account or entitlement.</param>
/// <param name="Class">missing_here, missing_there, amount or state.</param>
/// <param name="Subject">The provider's id of it, or an instance's, or a currency.</param>
/// <param name="SeenAt">When it was found the last time.</param>
/// <param name="ClosedBy">Null where it went away by itself.</param>
public sealed record DifferenceResource(
    string Id, string Kind, string Class, string Subject, string? OrganizationId, string Ours, string Theirs, DateTimeOffset FoundAt, DateTimeOffset SeenAt, DateTimeOffset? ResolvedAt, string? ClosedBy, string? CloseReason);

/// <summary>One time that the provider was asked.</summary>
/// <param name="Kind">events or full.</param>
/// <param name="Found">Events that were new here, or differences that were open after it.</param>
public sealed record ReconciliationRunResource(string Id, string Kind, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset Until, int Looked, int Found, string? Error);

/// <summary>GET /v1/operator/reconciliation/runs: the last 50.</summary>
public sealed record ReconciliationRunsResponse(IReadOnlyList<ReconciliationRunResource> Items);

/// <summary>A transfer taken back, in part or whole, from a party that owes.</summary>
/// <param name="State">sending, settled or failed.</param>
public sealed record TransferReversalResource(
    string Id, string Payout, string Party, string Currency, long AmountMinor, string State, string? Reference, string? FailureReason, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt);

/// <summary>POST /v1/operator/parties/{id}/transfer-reversals</summary>
/// <param name="AmountMinor">All that the party owes when left out.</param>
public sealed record ReverseTransfersRequest(
    [property: Required(ErrorMessage = "Name the currency.")] string Currency,
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1, in the smallest unit of the currency.")] long? AmountMinor = null);

/// <summary>The reversals that were begun, the newest transfer first.</summary>
public sealed record TransferReversalsResponse(IReadOnlyList<TransferReversalResource> Items);

/// <summary>POST /v1/operator/parties/{id}/onboarding</summary>
/// <param name="Account">The party's connected account, which is its destination from now on.</param>
/// <param name="Url">Where the party says who it is; good once, and for some minutes.</param>
public sealed record OnboardingResponse(string Account, Uri Url, DateTimeOffset ExpiresAt);
