using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Faktory.Server.Jobs;

/// <summary>What the server reads from a job's JSON, and where each known member stands.</summary>
ref struct JobFields
{
    /// <summary>The deepest job that any configuration allows, so that what is stored can always be read.</summary>
    internal const int StoredDepthMax = 1000;

    internal const int DefaultRetry = 25;
    internal const int DefaultPriority = 5;

    Ranges _values;

    /// <summary>Empty when missing.</summary>
    internal byte[] Jid = [];
    /// <summary>There is one and it is not empty.</summary>
    internal bool HasJobType;
    internal bool HasArgs;
    /// <summary>Empty when missing.</summary>
    internal string Queue = "";
    internal int Priority = DefaultPriority;
    internal long ReserveForSeconds;
    /// <summary>The text, empty when missing.</summary>
    internal ReadOnlySpan<byte> At;
    /// <summary>Null when missing, which means <see cref="DefaultRetry"/>.</summary>
    internal int? Retry;
    internal bool HasCreatedAt;
    internal JobFailure? Failure;
    /// <summary>A known member is written in an unusual way (other case, twice, escaped): it has to be rewritten to be spliced.</summary>
    internal bool IsUnusual;

    public JobFields() { }

    /// <summary>Reads one JSON object, or null, which counts as an empty one.</summary>
    /// <exception cref="JsonException">Not JSON, or a known member is of the wrong type.</exception>
    internal static JobFields Read(ReadOnlySpan<byte> json, int depthMax = StoredDepthMax)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depthMax });
        reader.Read();
        var fields = new JobFields();
        if (reader.TokenType != JsonTokenType.Null)
            fields.ReadObject(ref reader);
        // Moves past the end: anything but white space there throws.
        reader.Read();
        return fields;
    }

    /// <summary>Where the last value of <paramref name="key"/> stands in the JSON; empty when it is missing.</summary>
    internal readonly Range ValueOf(JobKey key) => _values[(int)key];

    internal readonly bool Has(JobKey key) => _values[(int)key] is { Start.Value: > 0 };

    internal static ReadOnlySpan<byte> NameOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        var name = new byte[reader.ValueSpan.Length];
        return name.AsSpan(0, JobText.Unescape(ref reader, name));
    }

    void ReadObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a job must be an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = JobKeys.Find(NameOf(ref reader), out var isExact);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (key != JobKey.Unknown)
            {
                IsUnusual |= !isExact || Has(key);
                ReadKnown(key, ref reader);
            }
            reader.Skip();
            if (key != JobKey.Unknown)
                _values[(int)key] = new Range(start, (int)reader.BytesConsumed);
        }
    }

    void ReadKnown(JobKey key, ref Utf8JsonReader reader)
    {
        switch (key)
        {
            case JobKey.Jid: Jid = JobText.Bytes(ref reader, "jid"); break;
            case JobKey.JobType: HasJobType = JobText.Bytes(ref reader, "jobtype").Length > 0; break;
            case JobKey.Args: HasArgs = Nullable(ref reader, "args", JsonTokenType.StartArray); break;
            case JobKey.Queue: Queue = JobText.String(ref reader, "queue"); break;
            case JobKey.Priority: Priority = PriorityOf(Number(ref reader, "priority")); break;
            case JobKey.ReserveFor: ReserveForSeconds = Number(ref reader, "reserve_for") ?? 0; break;
            case JobKey.At: At = JobText.Bytes(ref reader, "at"); break;
            case JobKey.Retry: Retry = Number(ref reader, "retry") is { } retry ? (int)Math.Clamp(retry, int.MinValue, int.MaxValue) : null; break;
            case JobKey.Backtrace: Number(ref reader, "backtrace"); break;
            case JobKey.CreatedAt: HasCreatedAt = JobText.Bytes(ref reader, "created_at").Length > 0; break;
            case JobKey.EnqueuedAt: JobText.Bytes(ref reader, "enqueued_at"); break;
            case JobKey.Custom: Nullable(ref reader, "custom", JsonTokenType.StartObject); break;
            case JobKey.Failure: Failure = JobFailure.Read(reader); break;
        }
    }

    static int PriorityOf(long? asked) => asked is null or 0 ? DefaultPriority : (int)Math.Clamp(asked.Value, 1, 9);

    static bool Nullable(ref Utf8JsonReader reader, string name, JsonTokenType expected)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return false;
        return reader.TokenType == expected ? true : throw new JsonException($"{name} must not be a {reader.TokenType}");
    }

    static long? Number(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : throw new JsonException($"{name} must be an integer");
    }

    [InlineArray((int)JobKey.Unknown)]
    struct Ranges
    {
        Range _element;
    }
}
