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

    /// <summary>As much of it as a page shows; what is no JSON is shown as it is.</summary>
    internal static string Format(ReadOnlySpan<byte> json)
    {
        var output = new StringBuilder();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JobFields.StoredDepthMax });
            var before = JsonTokenType.None;
            while (output.Length <= CharactersMax && reader.Read())
            {
                Write(ref reader, before, output);
                before = reader.TokenType;
            }
        }
        catch (JsonException)
        {
            return Cut(Encoding.UTF8.GetString(json));
        }
        return Cut(output.ToString());
    }

    static void Write(ref Utf8JsonReader reader, JsonTokenType before, StringBuilder output)
    {
        var token = reader.TokenType;
        var isEnd = token is JsonTokenType.EndObject or JsonTokenType.EndArray;
        var isFirst = before is JsonTokenType.StartObject or JsonTokenType.StartArray;
        if (!isEnd && !isFirst && before is not (JsonTokenType.None or JsonTokenType.PropertyName))
            output.Append(',');
        if (before is not (JsonTokenType.None or JsonTokenType.PropertyName) && !(isEnd && isFirst))
            output.Append('\n').Append(' ', 2 * reader.CurrentDepth);
        output.Append(token switch
        {
            JsonTokenType.StartObject => "{",
            JsonTokenType.EndObject => "}",
            JsonTokenType.StartArray => "[",
            JsonTokenType.EndArray => "]",
            JsonTokenType.PropertyName => Quoted(ref reader) + ": ",
            JsonTokenType.String => Quoted(ref reader),
            _ => Encoding.UTF8.GetString(reader.ValueSpan),
        });
    }

    static string Quoted(ref Utf8JsonReader reader) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(LenientString.Of(ref reader))}\"";

    static string Cut(string text) => text.Length <= CharactersMax ? text : string.Concat(text.AsSpan(0, CharactersMax), "…");
}
