using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>GET /v1/operator/fleet</summary>
public sealed record FleetResponse(
    int Organizations,
    int Instances,
    IReadOnlyDictionary<string, int> InstancesByState,
    int OperationsUnfinished,
    int AlertsOpen,
    IReadOnlyList<FleetInstance> Newest);

public sealed record FleetInstance(InstanceResource Instance, OrganizationResource Organization);

/// <summary>A mail that was written to the captured mailbox instead of being sent.</summary>
public sealed record MailResource(string Id, DateTimeOffset At, string To, string Subject, string Body);

/// <summary>POST /v1/operator/claim: turns the one-time link that the first run printed into the operator's account. Needs no authentication.</summary>
/// <param name="Token">What the link carries; good once.</param>
public sealed record ClaimOperatorRequest(
    [property: Required] string Token,
    [property: Required, EmailAddress, MaxLength(254)] string Email,
    [property: Required, StringLength(128, MinimumLength = 10)] string Password);
