using System.Text;
using System.Text.Json;
using Faktory.Server.Debouncing;

namespace Faktory.Server.Jobs;

/// <summary>
/// The members of a job's <c>custom</c> that the server itself understands, as the clients' libraries write them. All others are the application's.
/// </summary>
/// <param name="UniqueFor">How long no other such job is taken; zero when it is not unique.</param>
/// <param name="IsUniqueUntilStart"><c>unique_until</c> is <c>start</c>, not <c>success</c>.</param>
/// <param name="ExpiresAt">100 ns since 1970.</param>
/// <param name="ExpiresIn">From when it is due; zero when it is not given.</param>
/// <param name="Bid">The batch it joins; empty when there is none.</param>
/// <param name="IsTracked">Its progress is asked for.</param>
/// <param name="DebounceFor">How long another one may replace it; zero when it is not debounced.</param>
/// <param name="DebounceMax">How long they may replace each other; zero when it is not given.</param>
/// <param name="DebounceKey">By what they find each other, beside type and queue; may be empty.</param>
sealed record CustomOptions(
    TimeSpan UniqueFor, bool IsUniqueUntilStart, long? ExpiresAt, TimeSpan ExpiresIn, string Bid = "", bool IsTracked = false,
    TimeSpan DebounceFor = default, TimeSpan DebounceMax = default, string DebounceKey = "")
{
    // Longer is no mistake, but for ever.
    static readonly TimeSpan longest = TimeSpan.FromDays(3650);

    internal static CustomOptions None { get; } = new(TimeSpan.Zero, false, null, TimeSpan.Zero);

    internal DebounceWindow Window => new(
        DebounceFor.Ticks, DebounceMax > TimeSpan.Zero ? DebounceMax.Ticks : Math.Min(DebounceWindow.DefaultMaxWindows * DebounceFor.Ticks, DebounceWindow.Longest.Ticks));

    /// <param name="custom">One JSON object, or null.</param>
    /// <param name="options">What it says.</param>
    /// <returns>Why it cannot be taken, or null.</returns>
    internal static string? TryRead(ReadOnlySpan<byte> custom, out CustomOptions options)
    {
        options = None;
        var reader = new Utf8JsonReader(custom, new JsonReaderOptions { MaxDepth = JobFields.StoredDepthMax });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var option = OptionOf(JobFields.NameOf(ref reader));
            reader.Read();
            if (option != Option.None && reader.TokenType != JsonTokenType.Null && options.Take(option, ref reader, out options) is { } refusal)
                return refusal;
            reader.Skip();
        }
        return null;
    }

    static Option OptionOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("unique_for"u8) => Option.UniqueFor,
        _ when name.SequenceEqual("unique_until"u8) => Option.UniqueUntil,
        _ when name.SequenceEqual("expires_at"u8) => Option.ExpiresAt,
        _ when name.SequenceEqual("expires_in"u8) => Option.ExpiresIn,
        _ when name.SequenceEqual("bid"u8) => Option.Bid,
        _ when name.SequenceEqual("track"u8) => Option.Track,
        _ when name.SequenceEqual("debounce_for"u8) => Option.DebounceFor,
        _ when name.SequenceEqual("debounce_max"u8) => Option.DebounceMax,
        _ when name.SequenceEqual("debounce_key"u8) => Option.DebounceKey,
        _ => Option.None,
    };

    string? Take(Option option, ref Utf8JsonReader value, out CustomOptions options)
    {
        options = this;
        switch (option)
        {
            case Option.UniqueFor when Seconds(ref value) is { } time:
                options = this with { UniqueFor = time };
                return null;
            case Option.UniqueFor:
                return "unique_for must be a number of seconds";
            case Option.UniqueUntil when value.TokenType == JsonTokenType.String && (value.ValueTextEquals("start"u8) || value.ValueTextEquals("success"u8)):
                options = this with { IsUniqueUntilStart = value.ValueTextEquals("start"u8) };
                return null;
            case Option.UniqueUntil:
                return "unique_until must be \"success\" or \"start\"";
            case Option.ExpiresIn when Seconds(ref value) is { } time:
                options = this with { ExpiresIn = time };
                return null;
            case Option.ExpiresIn:
                return "expires_in must be a number of seconds";
            case Option.Bid when value.TokenType == JsonTokenType.String:
                options = this with { Bid = JobText.String(ref value, "bid") };
                return null;
            case Option.Bid:
                return "bid must be the id of a batch (a string)";
            case Option.Track when value.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Number:
                options = this with { IsTracked = value.TokenType == JsonTokenType.True || (value.TokenType == JsonTokenType.Number && value.GetDouble() != 0) };
                return null;
            case Option.Track:
                return "track must be 1 or 0";
            case Option.DebounceFor when WindowOf(ref value) is { } time:
                options = this with { DebounceFor = time };
                return null;
            case Option.DebounceMax when WindowOf(ref value) is { } time:
                options = this with { DebounceMax = time };
                return null;
            case Option.DebounceFor or Option.DebounceMax:
                return $"{(option == Option.DebounceFor ? "debounce_for" : "debounce_max")} must be a number of seconds above 0 and at most {DebounceWindow.Longest.TotalSeconds}";
            case Option.DebounceKey when value.TokenType == JsonTokenType.String && JobText.String(ref value, "debounce_key") is var key && Encoding.UTF8.GetByteCount(key) <= DebounceWindow.KeyBytesMax:
                options = this with { DebounceKey = key };
                return null;
            case Option.DebounceKey:
                return $"debounce_key must be a string of at most {DebounceWindow.KeyBytesMax} bytes";
            default:
                return TakeExpiresAt(ref value, ref options);
        }
    }

    static string? TakeExpiresAt(ref Utf8JsonReader value, ref CustomOptions options)
    {
        if (value.TokenType != JsonTokenType.String)
            return "expires_at must be a timestamp (RFC 3339)";
        var text = JobText.Bytes(ref value, "expires_at");
        if (!Rfc3339.TryParse(text, out var at))
            return $"invalid timestamp for 'expires_at': {Rfc3339.Describe(text)}";
        options = options with { ExpiresAt = at };
        return null;
    }

    // Null when it is not a number, or negative.
    static TimeSpan? Seconds(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var seconds) || !(seconds >= 0))
            return null;
        return seconds >= longest.TotalSeconds ? longest : TimeSpan.FromSeconds(seconds);
    }

    // As Seconds, and null also when it is no time at all or too long to be meant.
    static TimeSpan? WindowOf(ref Utf8JsonReader reader) => Seconds(ref reader) is { Ticks: > 0 } time && time <= DebounceWindow.Longest ? time : null;

    enum Option
    {
        None,
        UniqueFor,
        UniqueUntil,
        ExpiresAt,
        ExpiresIn,
        Bid,
        Track,
        DebounceFor,
        DebounceMax,
        DebounceKey,
    }
}
