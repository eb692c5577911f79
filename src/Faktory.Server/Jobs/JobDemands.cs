using System.Text;
using System.Text.Json;
using Faktory.Server.Debouncing;
using Faktory.Server.Unique;

namespace Faktory.Server.Jobs;

/// <summary>What a pushed job's <c>custom</c> comes to, now that it is known when the job is due.</summary>
/// <param name="Traits">What is stored of it.</param>
/// <param name="DueAt">100 ns since 1970; null when the job goes into its queue at once.</param>
/// <param name="UniqueUntil">When its lock ends by itself, 100 ns since 1970; null when it is not unique.</param>
/// <param name="Window">How long it waits to be replaced; null when it does not.</param>
readonly record struct JobDemands(JobTraits Traits, long? DueAt, long? UniqueUntil = null, DebounceWindow? Window = null)
{
    /// <param name="json">The job.</param>
    /// <param name="fields">What was read of it.</param>
    /// <param name="queue">A valid queue name.</param>
    /// <param name="at">When the client wants it, if that is later.</param>
    /// <param name="now">100 ns since 1970.</param>
    /// <param name="demands">What it asks for.</param>
    /// <returns>Why it cannot be taken, or null.</returns>
    internal static string? TryRead(ReadOnlySpan<byte> json, in JobFields fields, string queue, long? at, long now, out JobDemands demands)
    {
        demands = new JobDemands(JobTraits.None, at);
        if (!fields.Has(JobKey.Custom))
            return null;
        if (CustomOptions.TryRead(json[fields.ValueOf(JobKey.Custom)], out var custom) is { } refusal)
            return refusal;
        if (Refuse(custom, at) is { } contradiction)
            return contradiction;
        var isDebounced = custom.DebounceFor > TimeSpan.Zero;
        var due = isDebounced ? now + custom.DebounceFor.Ticks : at;
        var isUnique = custom.UniqueFor > TimeSpan.Zero;
        var isMember = custom.Bid.Length > 0;
        var traits = new JobTraits(
            isUnique ? UniqueKey.Of(json[fields.ValueOf(JobKey.JobType)], json[fields.ValueOf(JobKey.Args)], queue) : null, isUnique && custom.IsUniqueUntilStart,
            custom.ExpiresAt ?? (custom.ExpiresIn > TimeSpan.Zero ? (due ?? now) + custom.ExpiresIn.Ticks : null),
            isMember ? custom.Bid : null, isMember ? BatchRole.Member : BatchRole.None, custom.IsTracked,
            DebounceKey: isDebounced ? DebounceWindow.KeyOf(TextOf(json[fields.ValueOf(JobKey.JobType)]), queue, custom.DebounceKey) : null);
        demands = new JobDemands(traits, due, isUnique ? (due ?? now) + custom.UniqueFor.Ticks : null, isDebounced ? custom.Window : null);
        return null;
    }

    static string? Refuse(CustomOptions custom, long? at)
    {
        if (Encoding.UTF8.GetByteCount(custom.Bid) > JobTraits.BidBytesMax)
            return $"no such batch {custom.Bid}";
        if (custom.DebounceFor == TimeSpan.Zero)
            return null;
        if (custom.UniqueFor > TimeSpan.Zero)
            return "a job cannot have both debounce_for and unique_for: the one replaces the job that waits, the other refuses the new one";
        if (custom.Bid.Length > 0)
            return "a job of a batch cannot have debounce_for: its batch would wait for one that was replaced";
        if (at is not null)
            return "a job cannot have both debounce_for and at: when it runs follows from the last push";
        return custom.DebounceMax > TimeSpan.Zero && custom.DebounceMax < custom.DebounceFor ? "debounce_max must not be less than debounce_for" : null;
    }

    static byte[] TextOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return JobText.Bytes(ref reader, "jobtype");
    }
}
