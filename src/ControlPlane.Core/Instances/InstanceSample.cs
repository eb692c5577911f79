using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Instances;

/// <summary>An instance's numbers at one moment, as its admin port gave them. Totals count since it was made.</summary>
public sealed class InstanceSample
{
    public required InstanceId InstanceId { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required DateTimeOffset At { get; init; }
    public long TotalEnqueued { get; init; }
    public long TotalProcessed { get; init; }
    public long TotalFailures { get; init; }
    public long Queued { get; init; }
    public long Scheduled { get; init; }
    public long Retries { get; init; }
    public long Dead { get; init; }
    public long Working { get; init; }
    public int Connections { get; init; }
    public int Workers { get; init; }
    public long MemoryBytes { get; init; }
    public long StorageBytes { get; init; }

    /// <summary>Name to size, as JSON.</summary>
    public string Queues { get; init; } = "{}";
}

/// <summary>A port of a host that belongs to an instance, or that rests after one.</summary>
public sealed class PortLease
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    public InstanceId? InstanceId { get; set; }

    /// <summary>What the instance uses it for: commands or admin.</summary>
    public required string Use { get; set; }

    /// <summary>A released port is not given away before this: workers of the last owner may still dial it.</summary>
    public DateTimeOffset? QuarantinedUntil { get; set; }
}
