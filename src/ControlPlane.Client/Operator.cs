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
