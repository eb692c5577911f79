using System.Text.Json;

namespace Faktory.Client;

/// <summary>The server's numbers, the answer to INFO. Absent ones read as zero or empty.</summary>
public sealed record FaktoryInfo
{
    /// <summary>The whole answer.</summary>
    public required JsonElement Json { get; init; }

    /// <summary>Jobs waiting, by queue.</summary>
    public required IReadOnlyDictionary<string, long> Queues { get; init; }

    /// <summary>Jobs that wait for their time.</summary>
    public required long Scheduled { get; init; }

    /// <summary>Failed jobs that wait for their retry.</summary>
    public required long Retries { get; init; }

    /// <summary>Jobs that failed for good.</summary>
    public required long Dead { get; init; }

    /// <summary>Jobs that workers hold now; null where the server does not say.</summary>
    public required long? Working { get; init; }

    /// <summary>Jobs enqueued and waiting, in all queues.</summary>
    public required long TotalEnqueued { get; init; }

    /// <summary>Runs that ended, well or not, since the server's data began.</summary>
    public required long TotalProcessed { get; init; }

    /// <summary>Runs that failed.</summary>
    public required long TotalFailures { get; init; }

    /// <summary>The server's product name.</summary>
    public required string Description { get; init; }

    /// <summary>The server's version, semantic.</summary>
    public required string Version { get; init; }

    /// <summary>How long this server process has run.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Open connections.</summary>
    public required long Connections { get; init; }

    internal static FaktoryInfo Read(JsonElement info)
    {
        var faktory = Child(info, "faktory");
        var server = Child(info, "server");
        var tasks = Child(faktory, "tasks");
        var sets = Child(faktory, "sets");
        return new()
        {
            Json = info,
            Queues = Child(faktory, "queues") is { ValueKind: JsonValueKind.Object } queues
                ? queues.EnumerateObject().ToDictionary(queue => queue.Name, queue => queue.Value.GetInt64(), StringComparer.Ordinal)
                : new Dictionary<string, long>(),
            Scheduled = Number(Child(tasks, "Scheduled"), "size") ?? 0,
            Retries = Number(Child(tasks, "Retries"), "size") ?? 0,
            Dead = Number(Child(tasks, "Dead"), "size") ?? 0,
            Working = Number(sets, "working"),
            TotalEnqueued = Number(faktory, "total_enqueued") ?? 0,
            TotalProcessed = Number(faktory, "total_processed") ?? 0,
            TotalFailures = Number(faktory, "total_failures") ?? 0,
            Description = Child(server, "description").ToString(),
            Version = Child(server, "faktory_version").ToString(),
            Uptime = TimeSpan.FromSeconds(Number(server, "uptime") ?? 0),
            Connections = Number(server, "connections") ?? 0,
        };
    }

    static JsonElement Child(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var child) ? child : default;

    static long? Number(JsonElement json, string name) =>
        Child(json, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;
}
