using System.Text.Json;
using Faktory.Server.Jobs;

namespace Faktory.Server.Commands;

/// <summary>A JSON object whose values are all strings.</summary>
static class StringMembers
{
    /// <exception cref="JsonException">Not such an object.</exception>
    internal static Dictionary<string, string> Read(ReadOnlySpan<byte> json)
    {
        var members = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("expected an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JobText.NameOf(ref reader);
            reader.Read();
            members[name] = JobText.String(ref reader, name);
        }
        reader.Read();
        return members;
    }
}
