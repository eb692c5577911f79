namespace Provisioner.Engines;

/// <summary>
/// Runs instances somewhere: as child processes, as containers. Every verb looks before it acts and may be repeated, by any
/// process and after a crash anywhere, with the same result. Verbs for one instance may overlap; the engine orders them.
/// </summary>
/// <remarks>
/// Every verb may throw <see cref="EngineUnavailableException"/> (the engine does not answer: try later),
/// <see cref="IOException"/> (for example a full disk: try later) and <see cref="OperationCanceledException"/>.
/// What <see cref="EnsureStartedAsync"/> started is kept running by the engine, restarted after a crash with a growing pause.
/// </remarks>
interface IInstanceEngine
{
    /// <summary>The word in configuration: <c>process</c> or <c>docker</c>.</summary>
    string Name { get; }

    /// <summary>True when instances listen for their operator on a port of the machine, which then must be leased for them.</summary>
    bool NeedsAdminPort { get; }

    /// <summary>True when the engine answers now and has what new instances need. Never throws but for cancellation.</summary>
    Task<bool> AnswersAsync(CancellationToken cancel);

    /// <summary>True when nobody on this machine listens on this loopback port. A hint: somebody may take it a moment later.</summary>
    bool CanBind(int port);

    /// <summary>An empty place for the instance's data, unless it has one.</summary>
    Task EnsureStorageAsync(InstanceSpec spec, CancellationToken cancel);

    /// <summary>Puts the instance file into the storage, mode 0400. Storage must exist, or <see cref="StorageMissingException"/>.</summary>
    Task EnsureInstanceFileAsync(InstanceSpec spec, CancellationToken cancel);

    /// <summary>
    /// Running as the spec says: port, limits and image. What runs with another port, or with limits that cannot be changed in
    /// place, is restarted. <see cref="PortTakenException"/> when a port of the spec is taken, <see cref="StorageMissingException"/>
    /// when there is no storage: an engine never starts an instance on an empty place it did not ask for.
    /// </summary>
    Task EnsureStartedAsync(InstanceSpec spec, CancellationToken cancel);

    /// <summary>Not running, and not brought back. The server gets <paramref name="grace"/> to end by itself.</summary>
    Task EnsureStoppedAsync(string instanceId, TimeSpan grace, CancellationToken cancel);

    /// <summary>Nothing left but the storage.</summary>
    Task EnsureRemovedAsync(string instanceId, CancellationToken cancel);

    /// <summary>The data is gone for good. The instance must have been removed before.</summary>
    Task RemoveStorageAsync(string instanceId, CancellationToken cancel);

    Task<EngineObservation> ObserveAsync(string instanceId, CancellationToken cancel);

    /// <summary>Everything this engine holds for this deployment, storage without an instance included: what a sweep compares.</summary>
    Task<IReadOnlyList<EngineObservation>> ListAllAsync(CancellationToken cancel);
}
