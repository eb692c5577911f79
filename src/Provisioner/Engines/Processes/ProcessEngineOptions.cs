namespace Provisioner.Engines.Processes;

/// <summary>Configuration section <c>Provisioner:Process</c>.</summary>
sealed class ProcessEngineOptions
{
    /// <summary>One folder per instance in here; created with mode 0700.</summary>
    public string Root { get; set => field = Path.GetFullPath(value); } = Path.GetFullPath(Path.Combine(".data", "instances"));

    /// <summary>How long a server that died within <see cref="StableFor"/> of its start waits for the next, at first; doubled each time.</summary>
    public TimeSpan RestartPause { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan RestartPauseMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A server that ran this long is restarted at once, as if it had never failed.</summary>
    public TimeSpan StableFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the supervisor looks whether every process lives.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>When the host shuts down in good order its instances end too, and come back with its next start.</summary>
    public bool StopInstancesOnShutdown { get; set; }

    /// <summary>At shutdown, before SIGKILL.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>An instance's log is turned over at this size, and one older piece is kept.</summary>
    public long LogBytesMax { get; set; } = 4 << 20;

    /// <summary>Open files of one instance; the system's own limit where that is lower.</summary>
    public int OpenFilesMax { get; set; } = 16_384;
}
