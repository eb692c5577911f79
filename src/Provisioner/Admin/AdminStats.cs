using System.Text.Json.Serialization;

namespace Provisioner.Admin;

/// <summary>The answer of <c>GET /admin/stats</c>: docs/admin-port.md.</summary>
sealed record AdminStats
{
    public string? Version { get; init; }
    public long Connections { get; init; }
    public long Workers { get; init; }
    public Dictionary<string, long> Queues { get; init; } = [];
    public long Queued { get; init; }
    public long Scheduled { get; init; }
    public long Retries { get; init; }
    public long Dead { get; init; }
    public long Working { get; init; }
    public long TotalEnqueued { get; init; }
    public long TotalProcessed { get; init; }
    public long TotalFailures { get; init; }
    public long MemoryBytes { get; init; }
    public long StorageBytes { get; init; }

    /// <summary>Of the instance file that is in force.</summary>
    public int Generation { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AdminStats))]
[JsonSerializable(typeof(AdminReadiness))]
[JsonSerializable(typeof(AdminProblem))]
sealed partial class AdminJson : JsonSerializerContext;

sealed record AdminReadiness(string? Status);

sealed record AdminProblem(string Title, string? Detail);
