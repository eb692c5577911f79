using System.Security.Cryptography;

namespace Faktory.Client;

/// <summary>How a worker process works.</summary>
public sealed record FaktoryWorkerOptions
{
    /// <summary>The process's id on the server, unique. 16 random hexadecimal digits unless set.</summary>
    public string WorkerId { get; init; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Shown on the server's dashboard.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Jobs worked at the same time, 1 at least. 10 unless set.</summary>
    public int Concurrency { get; init; } = 10;

    /// <summary>The queues to fetch from. Only <c>default</c> unless set.</summary>
    public FaktoryQueues Queues { get; init; } = FaktoryQueues.Strict("default");

    /// <summary>
    /// From the order to stop until running jobs are cancelled and reported as failed, or given back. 25 s unless set: less than
    /// the 30 s that most hosts wait before they kill.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Jobs that outlast the shutdown are not failed but given back, first in their queues and without spending a retry: the next
    /// worker begins with them. For handlers that bear being run again from the start. Servers that cannot take them back are told a failure.
    /// </summary>
    public bool GiveBackAtShutdown { get; init; }

    /// <summary>
    /// Pause between heartbeats, and so how late a handler hears that its job was cancelled. 15 s unless set; the server forgets a
    /// process after 60 s without one.
    /// </summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told of what happens, for logs and metrics; called from any thread, must not throw.</summary>
    public Action<FaktoryNotice>? Notice { get; init; }
}
