namespace Faktory.Server.Engine;

/// <summary>Bounds that the engine enforces. Replaced as a whole when they change, so a reader sees one set or the other.</summary>
sealed record EngineLimits
{
    internal static readonly EngineLimits Default = new();

    /// <summary>How many queues there may be. A job for one more is refused.</summary>
    internal int QueuesMax { get; init; } = 10_000;

    /// <summary>How many dead jobs are kept. Of more the oldest are forgotten; null for as many as there are.</summary>
    internal int? DeadJobsMax { get; init; }

    /// <summary>How many bytes the store may take on disk. Above, jobs can only be fetched and acknowledged; null for as many as the disk has.</summary>
    internal long? StorageBytesMax { get; init; }

    /// <summary>How many bytes are left free on the disk, on small disks a tenth, but at least 24 MB: without any a store cannot even be opened again.</summary>
    internal long DiskFreeBytesMin { get; init; } = 64 << 20;

    /// <summary>How long FETCH waits for a job.</summary>
    internal TimeSpan FetchWaitFor { get; init; } = TimeSpan.FromSeconds(2);
}
