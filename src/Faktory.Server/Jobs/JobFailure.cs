using System.Buffers;
using System.Text.Json;

namespace Faktory.Server.Jobs;

/// <summary>What a worker said about a failed job. Texts are cut to the wire's bounds: 100 bytes, 1000 bytes, 50 lines.</summary>
sealed record FailureReport(string ErrorType, string Message, IReadOnlyList<string> Backtrace);

/// <summary>The counters in a job's <c>failure</c> member.</summary>
/// <param name="RetryCount">0 after the first failure.</param>
/// <param name="Remaining">How many retries are left, counted down from the job's <c>retry</c>.</param>
readonly record struct JobFailure(int RetryCount, int Remaining)
{
    // A client may supply a failure of its own: counting on must not run over.
    const int CountMax = int.MaxValue - 1;

    /// <summary>Reads the value at which a copy of the reader stands; null when it is null.</summary>
    internal static JobFailure? Read(Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("failure must be an object");
        var failure = default(JobFailure);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Not ValueTextEquals: it has an exception of its own for half a surrogate pair.
            var name = JobFields.NameOf(ref reader);
            reader.Read();
            if (name.SequenceEqual("retry_count"u8) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count))
                failure = failure with { RetryCount = Math.Clamp(count, 0, CountMax) };
            if (name.SequenceEqual("remaining"u8) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var remaining))
                failure = failure with { Remaining = Math.Clamp(remaining, -CountMax, CountMax) };
            reader.Skip();
        }
        return failure;
    }

    /// <summary>The <c>failure</c> member of a job that failed now. <paramref name="nextAt"/> is null when it will not be retried.</summary>
    internal byte[] Write(FailureReport report, long failedAt, long? nextAt)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("retry_count"u8, RetryCount);
        writer.WriteNumber("remaining"u8, Remaining);
        writer.WriteString("failed_at"u8, Rfc3339.Format(failedAt));
        if (nextAt is { } at)
            writer.WriteString("next_at"u8, Rfc3339.Format(at));
        writer.WriteString("message"u8, report.Message);
        writer.WriteString("errtype"u8, report.ErrorType);
        if (report.Backtrace.Count > 0)
        {
            writer.WriteStartArray("backtrace"u8);
            foreach (var line in report.Backtrace)
                writer.WriteStringValue(line);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
