namespace Faktory.Server.Throttling;

/// <summary>So many in a period, on the average; after a pause <paramref name="Burst"/> at once.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="Period">A second, a minute or an hour.</param>
/// <param name="Burst">At least 1.</param>
sealed record RateRule(int Count, TimeSpan Period, int Burst);

/// <summary>What holds for one queue. Each part may be missing.</summary>
/// <param name="Concurrency">How many of its jobs may be at work.</param>
/// <param name="PerWorker">How many of its jobs one worker process may have.</param>
/// <param name="Timeout">After so long a job at work counts no more, whatever became of it.</param>
/// <param name="Rate">How fast its jobs are given out.</param>
sealed record QueueRule(int? Concurrency, int? PerWorker, TimeSpan Timeout, RateRule? Rate);

/// <summary>All throttles of a server, by queue and by type of job. Replaced as a whole.</summary>
sealed record ThrottleRules(IReadOnlyDictionary<string, QueueRule> Queues, IReadOnlyDictionary<string, RateRule> JobTypes)
{
    internal static ThrottleRules None { get; } = new(new Dictionary<string, QueueRule>(), new Dictionary<string, RateRule>());

    /// <summary>Both; of what stands in both, what <paramref name="other"/> says.</summary>
    internal ThrottleRules With(ThrottleRules other) => new(Merge(Queues, other.Queues), Merge(JobTypes, other.JobTypes));

    static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> first, IReadOnlyDictionary<string, T> second)
    {
        var merged = new Dictionary<string, T>(first);
        foreach (var (name, rule) in second)
            merged[name] = rule;
        return merged;
    }
}
