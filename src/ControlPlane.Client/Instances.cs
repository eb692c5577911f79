using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>POST /v1/instances</summary>
/// <param name="Name">Lower-case letters, digits and hyphens, 2 to 39 characters, unique in the organization.</param>
/// <param name="Plan">A plan's key; the free plan when left out.</param>
/// <param name="Region">A region's key; the service's default when left out.</param>
/// <param name="ProrationAt">The moment that a preview counted to, within its 10 minutes; now when left out.</param>
/// <param name="ExpectedTotalMinor">The total that a preview showed; another one is refused.</param>
public sealed record CreateInstanceRequest(
    [property: Required(ErrorMessage = "Name the instance."), RegularExpression("^[a-z][a-z0-9-]{1,38}$", ErrorMessage = "A name has 2 to 39 lower-case letters, digits and hyphens, and begins with a letter.")] string Name,
    string? Plan = null,
    string? Region = null,
    DateTimeOffset? ProrationAt = null,
    long? ExpectedTotalMinor = null);

/// <summary>PATCH /v1/instances/{id}: only what is given changes.</summary>
public sealed record UpdateInstanceRequest(
    [property: RegularExpression("^[a-z][a-z0-9-]{1,38}$", ErrorMessage = "A name has 2 to 39 lower-case letters, digits and hyphens, and begins with a letter.")] string? Name = null);

/// <summary>POST /v1/instances/{id}/change-plan</summary>
/// <param name="When">Of a smaller plan: <c>period_end</c> (when left out) or <c>now</c>. A larger one begins at once.</param>
/// <param name="ProrationAt">The moment that a preview counted to, within its 10 minutes; now when left out.</param>
/// <param name="ExpectedTotalMinor">The total that a preview showed; another one is refused.</param>
public sealed record ChangePlanRequest(
    [property: Required(ErrorMessage = "Name the plan. GET /v1/plans lists them.")] string Plan,
    [property: RegularExpression("^(now|period_end)$", ErrorMessage = "A change begins now or at period_end.")] string? When = null,
    DateTimeOffset? ProrationAt = null,
    long? ExpectedTotalMinor = null);

/// <summary>POST /v1/instances/{id}/rotate-password</summary>
/// <param name="OverlapMinutes">How long the old password goes on working beside the new one: 0 to 10080; 60 when left out.</param>
public sealed record RotatePasswordRequest([property: Range(0, 10080, ErrorMessage = "The overlap is 0 to 10080 minutes, which is a week.")] int? OverlapMinutes = null);

/// <summary>A customer's Faktory server.</summary>
/// <param name="State">provisioning, running, restarting, suspending, suspended, resuming, deleting, deleted or failed.</param>
/// <param name="Health">unknown, healthy or unhealthy: whether the server answered when it was last asked.</param>
/// <param name="Endpoint">Null until the instance has an address.</param>
/// <param name="PurgeAt">Of a deleted instance: until when it can be undeleted.</param>
/// <param name="Operation">The unfinished operation that is changing it, if one is.</param>
/// <param name="NextPlan">The plan that it moves to at <paramref name="NextPlanAt"/>, if a change waits for the end of the period that is paid for.</param>
/// <param name="TrialEndsAt">Until when it is not paid for.</param>
/// <param name="SuspendedForDebt">It was stopped because an invoice is overdue, and starts again when that is paid.</param>
public sealed record InstanceResource(
    string Id,
    string Name,
    string Plan,
    string Region,
    string State,
    string Health,
    string? Version,
    EndpointResource? Endpoint,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt,
    DateTimeOffset? PurgeAt,
    DateTimeOffset? PreviousPasswordExpiresAt,
    OperationResource? Operation,
    string? NextPlan = null,
    DateTimeOffset? NextPlanAt = null,
    DateTimeOffset? TrialEndsAt = null,
    bool SuspendedForDebt = false);

public sealed record EndpointResource(string Host, int Port, bool Tls);

/// <summary>GET /v1/instances/{id}/credentials</summary>
/// <param name="FaktoryUrl">What workers take as FAKTORY_URL, password included and escaped.</param>
/// <param name="Ca">PEM of the certificate authority to trust, where the instance speaks TLS with one of ours.</param>
public sealed record CredentialsResponse(string FaktoryUrl, string Host, int Port, bool Tls, string Password, string? Ca);

/// <summary>GET /v1/instances/{id}/stats?minutes=N (1 to 1440; 60 when left out)</summary>
/// <param name="Now">The newest sample, or null while none was taken. Asking keeps an instance sampled each second for half a minute.</param>
/// <param name="History">Oldest first, thinned to at most 360 points.</param>
/// <param name="FirstJobAt">When the first job was seen, or null: the sign that a new customer waits for.</param>
public sealed record StatsResponse(StatsSample? Now, IReadOnlyList<StatsSample> History, DateTimeOffset? FirstJobAt, StatsLimits Limits);

/// <summary>Numbers of one moment. Totals count since the instance was made.</summary>
public sealed record StatsSample(
    DateTimeOffset At,
    long TotalEnqueued,
    long TotalProcessed,
    long TotalFailures,
    long Queued,
    long Scheduled,
    long Retries,
    long Dead,
    long Working,
    int Connections,
    int Workers,
    long MemoryBytes,
    long StorageBytes,
    IReadOnlyDictionary<string, long> Queues);

public sealed record StatsLimits(int ConnectionsMax, long MemoryBytesMax, long StorageBytesMax);
