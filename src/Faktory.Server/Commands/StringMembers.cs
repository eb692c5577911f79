using System.Text;
using System.Text.Json;

namespace Faktory.Server.Commands;

/// <summary>A JSON object whose values are all strings.</summary>
static class StringMembers
{
    /// <exception cref="JsonException">Not such an object.</exception>
    internal static Dictionary<string, string> Read(ReadOnlySpan<byte> json)
    {
        var members = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var reader = new JsonMembers(json);
        while (reader.MoveNext())
            members[reader.Name] = reader.Text();
        return members;
    }

    /// <summary>The member <c>jid</c> of such an object; null when these bytes have none.</summary>
    internal static byte[]? Jid(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(json).GetValueOrDefault("jid") is { Length: > 0 } jid ? Encoding.UTF8.GetBytes(jid) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
