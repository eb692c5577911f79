namespace Faktory.Client;

/// <summary>Until when a unique job keeps others like it out.</summary>
public enum FaktoryUniqueUntil
{
    /// <summary>Until it is acknowledged, through all its retries.</summary>
    Success,

    /// <summary>Until a worker has fetched it.</summary>
    Start,
}

/// <summary>What a job can ask of the server, as entries of <see cref="FaktoryJob.Custom"/>.</summary>
public static class FaktoryJobFeatures
{
    /// <summary>
    /// No second job of this type, with these arguments, in this queue, is taken for so long: <see cref="FaktoryCommandException.IsNotUnique"/>.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="time">More than zero; of a scheduled job from when it is due.</param>
    /// <param name="until">What ends it earlier.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero.</exception>
    public static FaktoryJob Unique(this FaktoryJob job, TimeSpan time, FaktoryUniqueUntil until = FaktoryUniqueUntil.Success)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        return job.WithCustom("unique_for", time.TotalSeconds).WithCustom("unique_until", until == FaktoryUniqueUntil.Start ? "start" : "success");
    }

    /// <summary>Not worth working on after this instant: the server drops it then.</summary>
    public static FaktoryJob ExpiringAt(this FaktoryJob job, DateTimeOffset instant) => job.WithCustom("expires_at", instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Not worth working on after so long in its queue.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero.</exception>
    public static FaktoryJob ExpiringIn(this FaktoryJob job, TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        return job.WithCustom("expires_in", time.TotalSeconds);
    }

    /// <summary>
    /// Only the last of many runs: it waits for so long, and each push of another with the same key in that time replaces it and starts the time anew.
    /// </summary>
    /// <param name="job">The job; not one with <see cref="FaktoryJob.At"/>.</param>
    /// <param name="quiet">How long nothing may come. More than zero.</param>
    /// <param name="key">What makes two jobs the same, besides their type and queue; null for nothing more.</param>
    /// <param name="latest">The longest that the first push may be put off; null leaves it to the server.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is not more than zero.</exception>
    public static FaktoryJob Debounced(this FaktoryJob job, TimeSpan quiet, string? key = null, TimeSpan? latest = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(quiet, TimeSpan.Zero);
        if (latest is { } max)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(max, TimeSpan.Zero, nameof(latest));
        job = job.WithCustom("debounce_for", quiet.TotalSeconds);
        job = key is null ? job : job.WithCustom("debounce_key", key);
        return latest is { } bound ? job.WithCustom("debounce_max", bound.TotalSeconds) : job;
    }

    /// <summary>Its progress can be asked for: <see cref="FaktoryProducer.TrackAsync"/>.</summary>
    public static FaktoryJob Tracked(this FaktoryJob job) => job.WithCustom("track", 1);

    /// <summary>It belongs to a batch: <see cref="FaktoryProducer.NewBatchAsync"/>.</summary>
    public static FaktoryJob InBatch(this FaktoryJob job, string bid) => job.WithCustom("bid", bid);

    /// <summary>The batch whose callback this fetched job is; null for any other job.</summary>
    public static string? CallbackOf(this FaktoryJob job) =>
        job.Custom is { } custom && custom.TryGetProperty("_bid"u8, out var bid) ? bid.GetString() : null;
}
