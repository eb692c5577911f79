using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Faktory.Client;

/// <summary>Jobs to and from the JSON of the wire.</summary>
static class JobJson
{
    // The reader is a job server, not a browser: text stays as short and as readable as JSON allows.
    internal static readonly JsonWriterOptions Terse = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    internal static void Write(Utf8JsonWriter json, FaktoryJob job)
    {
        if (job.Args.ValueKind != JsonValueKind.Array)
            throw new ArgumentException($"the args of job {job.Jid} must be a JSON array, not {job.Args.ValueKind}", nameof(job));

        json.WriteStartObject();
        json.WriteString("jid"u8, job.Jid);
        json.WriteString("jobtype"u8, job.JobType);
        json.WriteString("queue"u8, job.Queue);
        WriteAsIs(json, "args"u8, job.Args);
        if (job.Retry is { } retry)
            json.WriteNumber("retry"u8, retry);
        if (job.Priority is { } priority)
            json.WriteNumber("priority"u8, priority);
        if (job.ReserveFor is { } reserveFor)
            json.WriteNumber("reserve_for"u8, (long)reserveFor.TotalSeconds);
        if (job.At is { } at)
            json.WriteString("at"u8, at.ToUniversalTime());
        if (job.CreatedAt is { } createdAt)
            json.WriteString("created_at"u8, createdAt.ToUniversalTime());
        if (job.BacktraceLines is { } lines)
            json.WriteNumber("backtrace"u8, lines);
        if (job.Custom is { ValueKind: not JsonValueKind.Undefined } custom)
            WriteAsIs(json, "custom"u8, custom);
        json.WriteEndObject();
    }

    internal static FaktoryJob Read(JsonElement job) => new()
    {
        Jid = Text(job, "jid") ?? throw new FaktoryProtocolException("the server handed out a job without a jid"),
        JobType = Text(job, "jobtype") ?? throw new FaktoryProtocolException("the server handed out a job without a jobtype"),
        Args = job.TryGetProperty("args"u8, out var args) ? args : ArrayOf([]),
        Queue = Text(job, "queue") ?? "default",
        Retry = Number(job, "retry"),
        Priority = Number(job, "priority"),
        ReserveFor = Number(job, "reserve_for") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        At = Instant(job, "at"),
        Custom = job.TryGetProperty("custom"u8, out var custom) && custom.ValueKind == JsonValueKind.Object ? custom : null,
        BacktraceLines = Number(job, "backtrace"),
        CreatedAt = Instant(job, "created_at"),
        EnqueuedAt = Instant(job, "enqueued_at"),
        Failure = job.TryGetProperty("failure"u8, out var failure) && failure.ValueKind == JsonValueKind.Object ? ReadFailure(failure) : null,
    };

    internal static JsonElement ArrayOf(ReadOnlySpan<JsonNode?> nodes)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Terse);
        json.WriteStartArray();
        foreach (var node in nodes)
            WriteNode(json, node);
        json.WriteEndArray();
        json.Flush();
        return JsonElement.Parse(bytes.WrittenSpan);
    }

    internal static JsonElement ObjectWith(JsonElement? existing, string name, JsonNode? value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Terse);
        json.WriteStartObject();
        if (existing is { ValueKind: JsonValueKind.Object } entries)
        {
            foreach (var entry in entries.EnumerateObject().Where(entry => !entry.NameEquals(name)))
            {
                json.WritePropertyName(entry.Name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(entry.Value), skipInputValidation: true);
            }
        }

        json.WritePropertyName(name);
        WriteNode(json, value);
        json.WriteEndObject();
        json.Flush();
        return JsonElement.Parse(bytes.WrittenSpan);
    }

    static void WriteNode(Utf8JsonWriter json, JsonNode? node)
    {
        if (node is null)
            json.WriteNullValue();
        else
            node.WriteTo(json);
    }

    // A line break inside JSON text would end the command. Strings cannot hold a raw one, so between tokens a space says the same.
    static void WriteAsIs(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement value)
    {
        json.WritePropertyName(name);
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            json.WriteRawValue(raw, skipInputValidation: true);
            return;
        }

        var oneLine = raw.ToArray();
        oneLine.AsSpan().Replace((byte)'\r', (byte)' ');
        oneLine.AsSpan().Replace((byte)'\n', (byte)' ');
        json.WriteRawValue(oneLine, skipInputValidation: true);
    }

    static FaktoryJobFailure ReadFailure(JsonElement failure) => new(
        Number(failure, "retry_count") ?? 0,
        Number(failure, "remaining"),
        Text(failure, "errtype") ?? "",
        Text(failure, "message") ?? "",
        failure.TryGetProperty("backtrace"u8, out var lines) && lines.ValueKind == JsonValueKind.Array
            ? [.. lines.EnumerateArray().Select(line => line.ToString())]
            : [],
        Instant(failure, "failed_at"),
        Instant(failure, "next_at"));

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static int? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    // Servers do not check what a client wrote into created_at, so a text that is no time reads as none.
    static DateTimeOffset? Instant(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) ? at : null;
}
