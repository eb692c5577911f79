using System.Globalization;
using System.Text;
using System.Text.Json;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Rendering;

namespace Faktory.Server.Ui.Lists;

/// <summary>What people see of a job's last failure.</summary>
sealed record FailureView(string ErrorType, string Message, IReadOnlyList<string> Backtrace, long RetryCount, long Remaining, long? FailedAt)
{
    static readonly FailureView Empty = new("", "", [], 0, 0, null);

    /// <summary>Reads the object at which a copy of the reader stands. Members of a wrong type are passed over: clients may push them.</summary>
    internal static FailureView Read(Utf8JsonReader reader)
    {
        var failure = Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = LenientString.Of(ref reader);
            reader.Read();
            failure = (name, reader.TokenType) switch
            {
                ("errtype", JsonTokenType.String) => failure with { ErrorType = LenientString.Of(ref reader) },
                ("message", JsonTokenType.String) => failure with { Message = LenientString.Of(ref reader) },
                ("retry_count", JsonTokenType.Number) => failure with { RetryCount = Number(reader) },
                ("remaining", JsonTokenType.Number) => failure with { Remaining = Number(reader) },
                ("failed_at", JsonTokenType.String) => failure with { FailedAt = Rfc3339.TryParse(Encoding.UTF8.GetBytes(LenientString.Of(ref reader)), out var at) ? at : null },
                ("backtrace", JsonTokenType.StartArray) => failure with { Backtrace = Lines(ref reader) },
                _ => failure,
            };
            reader.Skip();
        }
        return failure;
    }

    static long Number(Utf8JsonReader reader) =>
        long.TryParse(reader.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static List<string> Lines(ref Utf8JsonReader reader)
    {
        var lines = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
                lines.Add(LenientString.Of(ref reader));
            reader.Skip();
        }
        return lines;
    }
}
