using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace ControlPlane.Client;

/// <summary>GET and PUT /v1/instances/{id}/rules: how an instance's job server treats queues and types of jobs. PUT replaces all of it.</summary>
/// <param name="Throttles">By queue.</param>
/// <param name="JobtypeThrottles">By type of job, whatever its queue; only a rate.</param>
/// <param name="Cron">Jobs that are enqueued by the clock.</param>
/// <param name="Weights">By queue, 1 to 1000: how often it is looked at first.</param>
public sealed record InstanceRules(
    [property: MaxLength(200, ErrorMessage = "At most 200 queues are throttled.")] IReadOnlyDictionary<string, ThrottleRule>? Throttles = null,
    [property: MaxLength(200, ErrorMessage = "At most 200 types of jobs are throttled.")] IReadOnlyDictionary<string, ThrottleRule>? JobtypeThrottles = null,
    [property: MaxLength(1000, ErrorMessage = "At most 1000 jobs are enqueued by the clock.")] IReadOnlyList<CronRule>? Cron = null,
    [property: MaxLength(200, ErrorMessage = "At most 200 queues have weights.")] IReadOnlyDictionary<string, int>? Weights = null);

/// <summary>How much of something may happen.</summary>
/// <param name="Concurrency">How many of the queue's jobs may be at work.</param>
/// <param name="Worker">How many of the queue's jobs one worker process may have.</param>
/// <param name="Timeout">Seconds after which a job at work counts no more; 1800 when left out.</param>
/// <param name="Rate">How many jobs are given out in a period.</param>
/// <param name="Per">The period: second, minute or hour.</param>
/// <param name="Burst">How many at once after a pause; as many as the rate when left out.</param>
public sealed record ThrottleRule(
    int? Concurrency = null,
    int? Worker = null,
    int? Timeout = null,
    int? Rate = null,
    string? Per = null,
    int? Burst = null);

/// <summary>A job that is enqueued by the clock.</summary>
/// <param name="Schedule">Minute, hour, day of the month, month, day of the week.</param>
/// <param name="Name">By which it is remembered when other things of it change.</param>
/// <param name="TimeZone">A name of the time zone database, such as Europe/Berlin; UTC when left out.</param>
/// <param name="Missed">What becomes of times while the server was down: skip (when left out) or once.</param>
public sealed record CronRule(
    string Schedule,
    CronJobRule Job,
    string? Name = null,
    string? TimeZone = null,
    string? Missed = null);

/// <summary>What is enqueued.</summary>
/// <param name="Args">The arguments, a JSON array; none when left out.</param>
/// <param name="Custom">What else the job asks for, a JSON object.</param>
public sealed record CronJobRule(
    string Type,
    string? Queue = null,
    JsonElement? Args = null,
    int? Retry = null,
    int? ReserveFor = null,
    int? Priority = null,
    JsonElement? Custom = null);
