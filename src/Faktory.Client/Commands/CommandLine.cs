using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Faktory.Client;

/// <summary>The bytes of a command: <c>VERB SP argument CRLF</c>.</summary>
static class CommandLine
{
    internal static ReadOnlyMemory<byte> Json(string verb, Action<Utf8JsonWriter> argument)
    {
        var line = new ArrayBufferWriter<byte>(256);
        line.Write(Encoding.UTF8.GetBytes(verb + " "));
        using (var json = new Utf8JsonWriter(line, JobJson.Terse))
            argument(json);
        line.Write("\r\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>A command about one job.</summary>
    internal static ReadOnlyMemory<byte> Jid(string verb, string jid) => Json(verb, json =>
    {
        json.WriteStartObject();
        json.WriteString("jid"u8, jid);
        json.WriteEndObject();
    });

    internal static ReadOnlyMemory<byte> Words(IReadOnlyCollection<string> words) => Encoding.UTF8.GetBytes(Join(words) + "\r\n");

    internal static string Join(IReadOnlyCollection<string> words)
    {
        foreach (var word in words)
        {
            // A space would make two names of one, a line break two commands.
            if (word.Length == 0 || word.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
                throw new ArgumentException($"\"{word}\" is no name: it is empty or has spaces in it");
        }

        return string.Join(' ', words);
    }
}
