namespace Faktory.Client;

/// <summary>What a worker process tells the server of itself in HELLO. Producers need none.</summary>
/// <param name="WorkerId">Unique for the process; the server's dashboard and BEAT know the process by it.</param>
public sealed record FaktoryIdentity(string WorkerId)
{
    /// <summary>Shown on the dashboard; the machine's name unless set.</summary>
    public string HostName { get; init; } = Environment.MachineName;

    /// <summary>Shown on the dashboard; this process unless set.</summary>
    public int ProcessId { get; init; } = Environment.ProcessId;

    /// <summary>Shown on the dashboard.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
