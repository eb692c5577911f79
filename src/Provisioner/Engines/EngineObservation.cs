namespace Provisioner.Engines;

/// <summary>What an engine sees of an instance at one moment.</summary>
sealed record EngineObservation(string InstanceId)
{
    public bool HasStorage { get; init; }

    /// <summary>There is a process or container, running or not.</summary>
    public bool Exists { get; init; }

    public bool Running { get; init; }

    /// <summary>Where clients connect, while it exists.</summary>
    public int? Port { get; init; }

    /// <summary>Where the admin port answers, while it runs.</summary>
    public Uri? Admin { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Of the last run, where the engine knows it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last run was ended for want of memory, where the engine knows it.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>How often the engine brought it back by itself since it was last asked to start it.</summary>
    public int Restarts { get; init; }
}
