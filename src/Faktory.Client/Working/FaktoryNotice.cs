namespace Faktory.Client;

/// <summary>Something a worker process went through. A closed set.</summary>
public abstract record FaktoryNotice
{
    FaktoryNotice()
    {
    }

    /// <summary>A job ran and the server knows.</summary>
    public sealed record JobDone(FaktoryJob Job) : FaktoryNotice;

    /// <summary>A handler threw, or there is none; the server knows and retries as the job says.</summary>
    public sealed record JobFailed(FaktoryJob Job, Exception Cause) : FaktoryNotice;

    /// <summary>The job went back into its queue; the server knows.</summary>
    public sealed record JobGivenBack(FaktoryJob Job, Exception Cause) : FaktoryNotice;

    /// <summary>Somebody cancelled a running job; its handler was told, and nothing is reported of it.</summary>
    public sealed record JobCancelled(FaktoryJob Job) : FaktoryNotice;

    /// <summary>A job ended but the server could not be told; it hands the job out again when its reservation ends.</summary>
    public sealed record ReportLost(FaktoryJob Job, Exception Cause) : FaktoryNotice;

    /// <summary>The server could not be reached; the worker keeps trying.</summary>
    public sealed record ServerLost(Exception Cause) : FaktoryNotice;

    /// <summary>The worker went quiet or is ending.</summary>
    public sealed record StateChanged(FaktoryWorkerState State) : FaktoryNotice;
}
