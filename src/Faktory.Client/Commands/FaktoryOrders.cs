namespace Faktory.Client;

/// <summary>What the server wants of a worker process, the answer to BEAT.</summary>
/// <param name="State">What the process is to be; it never moves back.</param>
/// <param name="Cancelled">The ids of those of its jobs that were cancelled since the last BEAT. Each is told once; their reports change nothing any more.</param>
public sealed record FaktoryOrders(FaktoryWorkerState State, IReadOnlyList<string> Cancelled);
