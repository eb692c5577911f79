using System.Buffers;
using System.Text.Json;
using Faktory.Server.Commands;
using Microsoft.Extensions.Primitives;

namespace Faktory.Server.Ui.Actions;

/// <summary>The fields of a job as somebody typed them, kept as they are until it is taken.</summary>
/// <param name="JobType">Plain text, as are queue and time.</param>
/// <param name="Queue">Empty for the default one.</param>
/// <param name="Args">JSON; empty for no arguments.</param>
/// <param name="At">RFC 3339; empty for at once.</param>
/// <param name="Retry">JSON, like priority and custom; empty for what the server takes.</param>
/// <param name="Priority">See <paramref name="Retry"/>.</param>
/// <param name="Custom">See <paramref name="Retry"/>.</param>
sealed record EnqueueForm(string JobType, string Queue, string Args, string At, string Retry, string Priority, string Custom)
{
    /// <summary>Of a field that is longer no browser sends more.</summary>
    internal const int ArgsCharactersMax = 20_000;

    internal const int CustomCharactersMax = 4_000;

    internal static EnqueueForm From(Func<string, StringValues> field) => new(
        field("jobtype").ToString().Trim(), field("queue").ToString().Trim(), field("args").ToString(), field("at").ToString().Trim(),
        field("retry").ToString().Trim(), field("priority").ToString().Trim(), field("custom").ToString());

    /// <summary>The job as a client would push it. Otherwise says which field is no JSON; whether the rest makes sense is the command's to say.</summary>
    internal string? TryWrite(string jid, int depthMax, out ReadOnlyMemory<byte> job)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, Json.WriterOptions);
        job = default;
        json.WriteStartObject();
        json.WriteString("jid", jid);
        json.WriteString("jobtype", JobType);
        if (Queue.Length > 0)
            json.WriteString("queue", Queue);
        if (At.Length > 0)
            json.WriteString("at", At);
        foreach (var (name, text) in ((string, string)[])[("args", string.IsNullOrWhiteSpace(Args) ? "[]" : Args), ("retry", Retry), ("priority", Priority), ("custom", Custom)])
        {
            if (WriteValue(json, name, text, depthMax) is { } refusal)
                return refusal;
        }
        json.WriteEndObject();
        json.Flush();
        job = output.WrittenMemory;
        return null;
    }

    static string? WriteValue(Utf8JsonWriter json, string name, string text, int depthMax)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            // One value and no more: what stands behind it must not become other members of the job.
            using var value = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = depthMax });
            json.WritePropertyName(name);
            // A job is one line. Strings hold no raw line breaks, so between tokens a space says the same.
            json.WriteRawValue(text.Trim().Replace('\r', ' ').Replace('\n', ' '), skipInputValidation: true);
            return null;
        }
        catch (JsonException e)
        {
            return $"{name}: invalid JSON: {e.Message}";
        }
    }
}
