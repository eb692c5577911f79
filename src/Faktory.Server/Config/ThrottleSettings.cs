using System.Text.Json.Serialization;
using Faktory.Server.Jobs;
using Faktory.Server.Throttling;
using Tomlyn.Serialization;

namespace Faktory.Server.Config;

/// <summary>
/// One throttle: a value in the tables <c>[throttles]</c> (by queue) and <c>[jobtype_throttles]</c>, and in <c>throttles</c> and
/// <c>jobtype_throttles</c> of the instance file.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record ThrottleSettings
{
    const int TimeoutSeconds = 1800;

    /// <summary>How many of a queue's jobs may be at work.</summary>
    public int? Concurrency { get; set; }

    /// <summary>How many of a queue's jobs one worker process may have.</summary>
    public int? Worker { get; set; }

    /// <summary>Seconds after which a job at work counts no more.</summary>
    public int? Timeout { get; set; }

    /// <summary>How many jobs are given out in a period.</summary>
    public int? Rate { get; set; }

    /// <summary>The period: <c>second</c>, <c>minute</c> or <c>hour</c>.</summary>
    public string? Per { get; set; }

    /// <summary>How many may come at once after a pause; as many as <see cref="Rate"/> when it is not given.</summary>
    public int? Burst { get; set; }

    [TomlExtensionData]
    [JsonIgnore]
    public Dictionary<string, object?> Unknown { get; set; } = [];

    internal static string[] Names => ["concurrency", "worker", "timeout", "rate", "per", "burst"];

    /// <exception cref="ConfigurationException">One of them makes no sense.</exception>
    internal static ThrottleRules Read(IReadOnlyDictionary<string, ThrottleSettings>? queues, IReadOnlyDictionary<string, ThrottleSettings>? jobTypes) => new(
        (queues ?? new Dictionary<string, ThrottleSettings>()).ToDictionary(q => q.Key, q => q.Value.ForQueue(q.Key)),
        (jobTypes ?? new Dictionary<string, ThrottleSettings>()).ToDictionary(t => t.Key, t => t.Value.ForJobType(t.Key)));

    QueueRule ForQueue(string queue)
    {
        if (!Submission.IsQueueName(queue))
            throw new ConfigurationException($"the throttle of \"{queue}\": that is no name of a queue");
        Check(queue);
        if (Concurrency is null && Worker is null && Rate is null)
            throw new ConfigurationException($"the throttle of the queue {queue} needs concurrency, worker or rate");
        return new QueueRule(Concurrency, Worker, TimeSpan.FromSeconds(Timeout ?? TimeoutSeconds), Rate is null ? null : RateOf(queue));
    }

    RateRule ForJobType(string jobType)
    {
        Check(jobType);
        if (Concurrency is not null || Worker is not null || Timeout is not null)
            throw new ConfigurationException($"the throttle of the jobtype {jobType} takes rate, per and burst only: concurrency is a queue's");
        return RateOf(jobType);
    }

    RateRule RateOf(string name)
    {
        if (Rate is not { } rate)
            throw new ConfigurationException($"the throttle of {name} needs a rate");
        var period = Per switch
        {
            "second" or null => TimeSpan.FromSeconds(1),
            "minute" => TimeSpan.FromMinutes(1),
            "hour" => TimeSpan.FromHours(1),
            _ => throw new ConfigurationException($"per in the throttle of {name} must be second, minute or hour, and is {Per}"),
        };
        return new RateRule(rate, period, Burst ?? rate);
    }

    void Check(string name)
    {
        foreach (var (key, value) in ((string, int?)[])[("concurrency", Concurrency), ("worker", Worker), ("timeout", Timeout), ("rate", Rate), ("burst", Burst)])
        {
            if (value < 1)
                throw new ConfigurationException($"{key} in the throttle of {name} must be at least 1, and is {value}");
        }
    }
}
