namespace Faktory.Client;

/// <summary>What a worker process is up to; it only ever moves downwards.</summary>
public enum FaktoryWorkerState
{
    /// <summary>Fetches and works jobs.</summary>
    Running,

    /// <summary>Works what it has and fetches nothing more.</summary>
    Quiet,

    /// <summary>Finishes what it has within its time, then ends.</summary>
    Terminating,
}
