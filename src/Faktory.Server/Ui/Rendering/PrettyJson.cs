using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Faktory.Server.Jobs;

namespace Faktory.Server.Ui.Rendering;

/// <summary>JSON laid out for reading; numbers keep their digits, and objects their order.</summary>
static class PrettyJson
{
    /// <summary>Longer texts are cut: a page is for reading.</summary>
    internal const int CharactersMax = 64 << 10;

    static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = JobFields.StoredDepthMax, SkipValidation = true };

    /// <summary>As much of it as a page shows; what is no JSON is shown as it is.</summary>
    internal static string Format(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 256);
        try
        {
            using var writer = new Utf8JsonWriter(output, Layout);
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JobFields.StoredDepthMax });
            while (output.WrittenCount + writer.BytesPending < 4 * CharactersMax && reader.Read())
                Write(ref reader, writer);
        }
        catch (JsonException)
        {
            return Cut(Encoding.UTF8.GetString(json));
        }
        return Cut(Encoding.UTF8.GetString(output.WrittenSpan));
    }

    static void Write(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: writer.WriteStartObject(); break;
            case JsonTokenType.EndObject: writer.WriteEndObject(); break;
            case JsonTokenType.StartArray: writer.WriteStartArray(); break;
            case JsonTokenType.EndArray: writer.WriteEndArray(); break;
            case JsonTokenType.PropertyName: writer.WritePropertyName(LenientString.Of(ref reader)); break;
            case JsonTokenType.String: writer.WriteStringValue(LenientString.Of(ref reader)); break;
            default: writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true); break;
        }
    }

    static string Cut(string text) => text.Length <= CharactersMax ? text : string.Concat(text.AsSpan(0, CharactersMax), "…");
}
