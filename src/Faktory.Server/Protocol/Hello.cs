using System.Text.Json;
using Faktory.Server.Jobs;

namespace Faktory.Server.Protocol;

/// <summary>What a client says of itself. Everything is optional.</summary>
sealed record Hello
{
    internal int Version { get; init; }
    internal string PasswordHash { get; init; } = "";
    internal string Wid { get; init; } = "";
    internal string Hostname { get; init; } = "";
    internal long ProcessId { get; init; }
    internal IReadOnlyList<string> Labels { get; init; } = [];
    internal long RssKilobytes { get; init; }

    // "HELLO {" …, exactly so
    internal static Hello? TryRead(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("HELLO {"u8))
            return null;
        try
        {
            return Read(line["HELLO "u8.Length..]);
        }
        catch (JsonException)
        {
            // The original closes without a word, and so does this server.
            return null;
        }
    }

    static Hello Read(ReadOnlySpan<byte> json)
    {
        var hello = new Hello();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JobText.NameOf(ref reader);
            reader.Read();
            hello = name switch
            {
                "v" => hello with { Version = (int)Number(ref reader, 0, byte.MaxValue) },
                "pwdhash" => hello with { PasswordHash = JobText.String(ref reader, name) },
                "wid" => hello with { Wid = JobText.String(ref reader, name) },
                "hostname" => hello with { Hostname = JobText.String(ref reader, name) },
                "pid" => hello with { ProcessId = Number(ref reader, long.MinValue, long.MaxValue) },
                "labels" => hello with { Labels = Strings(ref reader) },
                "rss_kb" => hello with { RssKilobytes = Number(ref reader, long.MinValue, long.MaxValue) },
                _ => Skip(ref reader, hello),
            };
        }
        reader.Read();
        return hello;
    }

    static long Number(ref Utf8JsonReader reader, long min, long max)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= min && number <= max
            ? number
            : throw new JsonException("expected an integer");
    }

    static List<string> Strings(ref Utf8JsonReader reader)
    {
        var strings = new List<string>();
        if (reader.TokenType == JsonTokenType.Null)
            return strings;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("labels must be an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            strings.Add(JobText.String(ref reader, "labels"));
        return strings;
    }

    static Hello Skip(ref Utf8JsonReader reader, Hello hello)
    {
        reader.Skip();
        return hello;
    }
}
