using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Tomlyn.Serialization;

namespace Faktory.Server.Config;

/// <summary>
/// Limits by name: the table <c>[limits]</c> of the TOML files, the flag <c>--limit name=value</c>, <c>limits</c> of the instance file. What is not named
/// keeps its default. An unknown name in a flag or the instance file is refused, so that nobody believes in a limit that is not there.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record LimitSettings
{
    public int? ConnectionsMax { get; set; }
    public int? HandshakesMax { get; set; }
    public long? LineBytesMax { get; set; }
    public int? RequestsPerSecondMax { get; set; }
    public int? PasswordTriesPerMinuteMax { get; set; }
    public int? JidBytesMax { get; set; }
    public int? QueueNameBytesMax { get; set; }
    public int? JsonDepthMax { get; set; }
    public int? QueuesMax { get; set; }
    public int? DeadJobsMax { get; set; }
    public long? StorageBytesMax { get; set; }

    /// <summary>What the TOML files name and is no limit.</summary>
    [TomlExtensionData]
    [JsonIgnore]
    public Dictionary<string, object?> Unknown { get; set; } = [];

    internal static string[] Names => [.. new LimitSettings().Bounds.Select(bound => bound.Name)];

    /// <summary>What each may be, both ends included. Records have two bytes for the length of a jid.</summary>
    IEnumerable<(string Name, long? Value, long Min, long Max)> Bounds =>
    [
        ("connections_max", ConnectionsMax, 1, int.MaxValue),
        ("handshakes_max", HandshakesMax, 1, int.MaxValue),
        ("line_bytes_max", LineBytesMax, 1, 1 << 30),
        ("requests_per_second_max", RequestsPerSecondMax, 1, int.MaxValue),
        ("password_tries_per_minute_max", PasswordTriesPerMinuteMax, 1, int.MaxValue),
        ("jid_bytes_max", JidBytesMax, Jobs.Submission.JidBytesMin, 10_000),
        ("queue_name_bytes_max", QueueNameBytesMax, "default".Length, 1000),
        ("json_depth_max", JsonDepthMax, 2, Jobs.JobFields.StoredDepthMax),
        ("queues_max", QueuesMax, 1, int.MaxValue),
        ("dead_jobs_max", DeadJobsMax, 1, int.MaxValue),
        ("storage_bytes_max", StorageBytesMax, 1, long.MaxValue),
    ];

    /// <exception cref="ConfigurationException">One is not what it may be.</exception>
    internal void Check()
    {
        foreach (var (name, value, min, max) in Bounds)
        {
            if (value < min || value > max)
                throw new ConfigurationException($"the limit {name} must be {min} to {max}, and is {value}");
        }
    }

    /// <param name="assignments">Each <c>name=value</c>; of one given twice the last counts.</param>
    /// <exception cref="ConfigurationException">One is not that, or there is no such limit.</exception>
    internal static LimitSettings Parse(IEnumerable<string> assignments)
    {
        var members = new Dictionary<string, long>();
        foreach (var assignment in assignments)
        {
            var parts = assignment.Split('=', 2);
            if (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw new ConfigurationException($"the limit \"{assignment}\" is not name=value, with a number");
            if (new LimitSettings().Bounds.All(bound => bound.Name != parts[0]))
                throw new ConfigurationException($"there is no limit {parts[0]}: {string.Join(", ", new LimitSettings().Bounds.Select(bound => bound.Name))}");
            members[parts[0]] = value;
        }
        try
        {
            var json = $"{{{string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value.ToString(CultureInfo.InvariantCulture)}"))}}}";
            return JsonSerializer.Deserialize(json, InstanceJson.Default.LimitSettings)!;
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"a limit is too large: {e.Message}");
        }
    }

    internal ServerLimits Apply(ServerLimits defaults) => defaults with
    {
        ConnectionsMax = ConnectionsMax ?? defaults.ConnectionsMax,
        HandshakesMax = HandshakesMax ?? defaults.HandshakesMax,
        LineBytesMax = LineBytesMax ?? defaults.LineBytesMax,
        RequestsPerSecondMax = RequestsPerSecondMax ?? defaults.RequestsPerSecondMax,
        PasswordTriesPerMinuteMax = PasswordTriesPerMinuteMax ?? defaults.PasswordTriesPerMinuteMax,
        Jobs = defaults.Jobs with
        {
            JidBytesMax = JidBytesMax ?? defaults.Jobs.JidBytesMax,
            QueueNameBytesMax = QueueNameBytesMax ?? defaults.Jobs.QueueNameBytesMax,
            JsonDepthMax = JsonDepthMax ?? defaults.Jobs.JsonDepthMax,
        },
    };

    internal EngineLimits Apply(EngineLimits defaults) => defaults with
    {
        QueuesMax = QueuesMax ?? defaults.QueuesMax,
        DeadJobsMax = DeadJobsMax ?? defaults.DeadJobsMax,
        StorageBytesMax = StorageBytesMax ?? defaults.StorageBytesMax,
    };
}
