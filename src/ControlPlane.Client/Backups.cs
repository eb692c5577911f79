using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>GET and PUT /v1/instances/{id}/backup-policy</summary>
/// <param name="Schedule">minutes, hourly or daily.</param>
/// <param name="EveryMinutes">With minutes: the interval, 5 to 1440, not below what the plan allows.</param>
/// <param name="AtHour">With daily: the hour in UTC, 0 to 23.</param>
/// <param name="Keep">How many good backups are kept, 1 to the plan's maximum.</param>
public sealed record BackupPolicyResource(
    bool Enabled,
    [property: Required(ErrorMessage = "The schedule is minutes, hourly or daily."), RegularExpression("^(minutes|hourly|daily)$", ErrorMessage = "The schedule is minutes, hourly or daily.")] string Schedule,
    [property: Range(5, 1440, ErrorMessage = "The interval is 5 to 1440 minutes.")] int? EveryMinutes,
    [property: Range(0, 23, ErrorMessage = "The hour is 0 to 23, in UTC.")] int? AtHour,
    [property: Range(1, 1000, ErrorMessage = "Keep at least one backup, and at most what the plan allows.")] int Keep,
    DateTimeOffset? NextRunAt = null,
    DateTimeOffset? LastSucceededAt = null);

/// <summary>A backup of GET /v1/instances/{id}/backups, newest first.</summary>
/// <param name="Trigger">policy or manual.</param>
/// <param name="State">pending, running, succeeded or failed.</param>
/// <param name="VerifiedAt">When all of it was last read back from the store and compared.</param>
/// <param name="RestoredAt">When a copy was last started from it as a proof.</param>
/// <param name="Jobs">How many jobs it holds, in all sets.</param>
public sealed record BackupResource(
    string Id,
    string InstanceId,
    string Trigger,
    string State,
    long SizeBytes,
    long Jobs,
    string? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? VerifiedAt,
    DateTimeOffset? RestoredAt,
    OperationResource? Operation);

/// <summary>POST /v1/instances/{id}/restore</summary>
/// <param name="BackupId">The backup; or leave it out and give <paramref name="At"/>.</param>
/// <param name="At">The newest good backup not later than this is taken.</param>
/// <param name="Into">in_place or new.</param>
/// <param name="Name">With new: the name of the new instance.</param>
public sealed record RestoreRequest(
    string? BackupId,
    DateTimeOffset? At,
    [property: Required(ErrorMessage = "Restore into in_place or new."), RegularExpression("^(in_place|new)$", ErrorMessage = "Restore into in_place or new.")] string Into,
    [property: RegularExpression("^[a-z][a-z0-9-]{1,38}$", ErrorMessage = "A name has 2 to 39 lower-case letters, digits and hyphens, and begins with a letter.")] string? Name = null);

/// <summary>202: the operation, and the instance it restores into.</summary>
public sealed record RestoreResponse(OperationResource Operation, InstanceResource Instance);

/// <summary>Something a person should know, of GET /v1/alerts: open ones first.</summary>
/// <param name="Severity">warning or critical.</param>
public sealed record AlertResource(string Id, string Kind, string Severity, string Message, string? Subject, DateTimeOffset RaisedAt, DateTimeOffset? ResolvedAt);
