using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers.Webhooks;

public enum DeliveryState
{
    Pending,
    Delivered,

    /// <summary>Given up after three days; it can be sent again by hand.</summary>
    Dead,
}

/// <summary>One event on its way to one endpoint. At least once, so each has an id by which a receiver knows it again.</summary>
public sealed class WebhookDelivery
{
    public required DeliveryId Id { get; init; }
    public required WebhookId WebhookId { get; init; }
    public required ResellerId ResellerId { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required string Type { get; init; }

    /// <summary>The body, byte for byte as it is sent and signed.</summary>
    public required string Payload { get; init; }
    public DeliveryState State { get; set; }
    public int Tries { get; set; }

    /// <summary>What the endpoint answered last; null when it did not answer.</summary>
    public int? Status { get; set; }

    /// <summary>A sentence about the last try that did not work.</summary>
    public string? Error { get; set; }
    public DateTimeOffset? TriedAt { get; set; }
    public DateTimeOffset? NextTryAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeliveredAt { get; set; }
}
