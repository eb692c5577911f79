using System.Buffers;
using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faktory.Server.Cron;
using Tomlyn.Serialization;

namespace Faktory.Server.Config;

/// <summary>One table <c>[[cron]]</c>, with the keys that Faktory Enterprise has and some more.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed class CronSettings
{
    /// <summary>By which it is remembered when other things of it change; without one, what it is made of.</summary>
    public string? Name { get; set; }

    /// <summary>Minute, hour, day of the month, month, day of the week.</summary>
    public string? Schedule { get; set; }

    /// <summary>A name of the time zone database; UTC when it is not given.</summary>
    public string? TimeZone { get; set; }

    /// <summary><c>skip</c> or <c>once</c>: what becomes of times while the server was down.</summary>
    public string? Missed { get; set; }

    public CronJobSettings? Job { get; set; }

    [TomlExtensionData]
    [JsonIgnore]
    public Dictionary<string, object?> Unknown { get; set; } = [];

    internal static string[] Names => ["name", "schedule", "time_zone", "missed", "job"];

    /// <exception cref="ConfigurationException">One of them makes no sense, or two are the same.</exception>
    internal static IReadOnlyList<CronEntry> Read(IReadOnlyList<CronSettings>? tables)
    {
        var entries = (tables ?? []).Select(t => t.Read()).ToArray();
        if (entries.GroupBy(e => e.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ConfigurationException($"two cron entries are the same: {twice.Key}; give each a name of its own");
        return entries;
    }

    CronEntry Read()
    {
        var what = $"the cron entry {Name ?? Job?.Type ?? Schedule}";
        if (Job?.Type is not { Length: > 0 } type)
            throw new ConfigurationException($"{what} needs a job with a type");
        if (Schedule is null)
            throw new ConfigurationException($"{what} needs a schedule");
        if (Missed is not (null or "skip" or "once"))
            throw new ConfigurationException($"missed in {what} must be skip or once, and is {Missed}");
        if (CronEntry.TryParse(Schedule, out var times) is { } problem)
            throw new ConfigurationException($"the schedule \"{Schedule}\" of {what} cannot be read: {problem}");
        var json = Job.Write();
        var id = Name ?? Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{Schedule}\n{TimeZone}\n"), .. json]))[..16];
        var entry = new CronEntry(id, Schedule, times, ZoneOf(what), Missed == "once", type, Job.Queue ?? "default", json);
        try
        {
            return entry.TrySubmit("cron-00000000", 0, out _) is { } refusal ? throw new ConfigurationException($"{what}: {refusal}") : entry;
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"{what}: {e.Message}");
        }
    }

    TimeZoneInfo ZoneOf(string what) =>
        TimeZone is null ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone
        : throw new ConfigurationException($"the time zone {TimeZone} of {what} is not known on this machine");
}

/// <summary>The table <c>[cron.job]</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed class CronJobSettings
{
    public string? Type { get; set; }
    public string? Queue { get; set; }
    public long? Retry { get; set; }
    public long? ReserveFor { get; set; }
    public long? Priority { get; set; }

    /// <summary>Always the same; none when they are not given.</summary>
    public object? Args { get; set; }

    public object? Custom { get; set; }

    [TomlExtensionData]
    [JsonIgnore]
    public Dictionary<string, object?> Unknown { get; set; } = [];

    internal static string[] Names => ["type", "queue", "retry", "reserve_for", "priority", "args", "custom"];

    internal byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Commands.Json.WriterOptions);
        json.WriteStartObject();
        json.WriteString("jobtype", Type);
        json.WritePropertyName("args");
        Write(json, Args ?? Array.Empty<object>());
        if (Queue is not null)
            json.WriteString("queue", Queue);
        foreach (var (name, number) in ((string, long?)[])[("retry", Retry), ("reserve_for", ReserveFor), ("priority", Priority)])
        {
            if (number is { } given)
                json.WriteNumber(name, given);
        }
        if (Custom is not null)
        {
            json.WritePropertyName("custom");
            Write(json, Custom);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // As TOML's and JSON's readers give them.
    static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case JsonElement element: element.WriteTo(json); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case long number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case IEnumerable<KeyValuePair<string, object?>> members:
                json.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    json.WritePropertyName(name);
                    Write(json, member);
                }
                json.WriteEndObject();
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                    Write(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }
}
