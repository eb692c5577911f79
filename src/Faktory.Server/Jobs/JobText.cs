using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Faktory.Server.Jobs;

/// <summary>Strings out of JSON, with the reader's failures turned into the one exception that callers expect.</summary>
static class JobText
{
    /// <summary>A job is handed to other programs as it came: what is not text here would break them.</summary>
    /// <exception cref="JsonException">It is not UTF-8.</exception>
    internal static void CheckUtf8(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new JsonException("not valid UTF-8");
    }

    /// <summary>The string's UTF-8; null counts as empty.</summary>
    /// <exception cref="JsonException">Not a string, or not valid text.</exception>
    internal static byte[] Bytes(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"{name} must be a string");
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.ToArray();
        var text = new byte[reader.ValueSpan.Length];
        return text[..Unescape(ref reader, text)];
    }

    internal static string String(ref Utf8JsonReader reader, string name) => Encoding.UTF8.GetString(Bytes(ref reader, name));

    /// <summary>The property name at which the reader stands.</summary>
    internal static string NameOf(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(JobFields.NameOf(ref reader));

    internal static int Unescape(ref Utf8JsonReader reader, Span<byte> destination)
    {
        try
        {
            return reader.CopyString(destination);
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair, which has no UTF-8.
            throw new JsonException("invalid escape in a string", e);
        }
    }
}
