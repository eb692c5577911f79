using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers.Webhooks;

/// <summary>Where a reseller wants to be told what happens to its customers and resources.</summary>
public sealed class WebhookEndpoint
{
    public const int EndpointsMax = 20;

    public required WebhookId Id { get; init; }
    public required ResellerId ResellerId { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required string Url { get; set; }

    /// <summary>Any of <see cref="WebhookEvents"/>; empty means all.</summary>
    public required List<string> Events { get; set; }

    /// <summary>The key of the signature, sealed for <see cref="Secrets.SecretPurposes.WebhookSecret"/>.</summary>
    public required string SealedSecret { get; set; }
    public string? SealedPreviousSecret { get; set; }

    /// <summary>Until when deliveries are signed with the previous key as well.</summary>
    public DateTimeOffset? PreviousSecretExpiresAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DisabledAt { get; set; }

    public bool Wants(string type) => DisabledAt is null && (Events.Count == 0 || Events.Contains(type));
}

/// <summary>What resellers are told.</summary>
public static class WebhookEvents
{
    public const string Test = "webhook.test";
    public const string CustomerCreated = "customer.created";
    public const string CustomerTakenOver = "customer.taken_over";

    /// <summary>After each finished command: which one, and whether it worked.</summary>
    public const string ResourceProvisioned = "resource.provisioned";
    public const string ResourcePlanChanged = "resource.plan_changed";
    public const string ResourceSuspended = "resource.suspended";
    public const string ResourceResumed = "resource.resumed";
    public const string ResourceRotated = "resource.rotated";

    /// <summary>A binding got a password of its own, or lost it.</summary>
    public const string ResourceKeysChanged = "resource.keys_changed";
    public const string ResourceDeprovisioned = "resource.deprovisioned";

    /// <summary>What a command set in motion did not work.</summary>
    public const string ResourceFailed = "resource.failed";

    /// <summary>In the sandbox alone: a month is over by its clock, and this is what would be paid.</summary>
    public const string SandboxPeriodEnded = "sandbox.period_ended";

    public static IReadOnlyList<string> All { get; } =
        [Test, CustomerCreated, CustomerTakenOver, ResourceProvisioned, ResourcePlanChanged, ResourceSuspended, ResourceResumed, ResourceRotated, ResourceKeysChanged, ResourceDeprovisioned, ResourceFailed, SandboxPeriodEnded];
}
