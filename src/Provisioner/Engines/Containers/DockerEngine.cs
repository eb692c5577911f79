using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Provisioner.Engines.Containers;

/// <summary>
/// A hardened container, a network and a volume per instance on one Docker Engine. The engine keeps containers running; names
/// come from the instance's id, so that a call whose answer was lost finds what it made.
/// </summary>
sealed class DockerEngine(DockerCalls docker, DockerImage image, DockerEngineOptions options) : IInstanceEngine
{
    static readonly TimeSpan removeGrace = TimeSpan.FromSeconds(10);

    public string Name => "docker";

    public bool NeedsAdminPort => false;

    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await image.ResolveAsync(cancel);
            return true;
        }
        catch (EngineUnavailableException)
        {
            return false;
        }
    }

    public bool CanBind(int port) => LoopbackPort.IsFree(port);

    public async Task EnsureStorageAsync(InstanceSpec spec, CancellationToken cancel) =>
        // Creating a volume that exists answers with the one there is.
        await docker.AskAsync(engine => engine.Volumes.CreateAsync(new VolumesCreateParameters
        {
            Name = DockerNames.Of(spec.Id),
            Driver = "local",
            Labels = DockerNames.Labels(spec.Id, options.Deployment),
        }, cancel), cancel);

    public async Task EnsureInstanceFileAsync(InstanceSpec spec, CancellationToken cancel)
    {
        var container = await EnsureContainerAsync(spec, cancel);
        using var archive = InstanceFileArchive.Of(spec.InstanceFile, options.UserId);
        await docker.AskAsync(engine => engine.Containers.ExtractArchiveToContainerAsync(
            container.ID, new CopyToContainerParameters { Path = HardenedContainer.StorageFolder }, archive, cancel), cancel);
    }

    public async Task EnsureStartedAsync(InstanceSpec spec, CancellationToken cancel)
    {
        var container = await EnsureContainerAsync(spec, cancel);
        if (!await TryLimitAsync(container, spec, cancel))
        {
            // More memory in use than the new limit allows: the limit is there from the next start.
            await RemoveContainerAsync(spec.Id, cancel);
            container = await EnsureContainerAsync(spec, cancel);
        }
        if (ContainerView.IsRunning(container))
            return;
        try
        {
            await docker.AskAsync(engine => engine.Containers.StartContainerAsync(container.ID, new ContainerStartParameters(), cancel), cancel);
        }
        catch (DockerApiException fault) when (DockerCalls.IsPortTaken(fault))
        {
            throw new PortTakenException(spec.Port, fault);
        }
    }

    public async Task EnsureStoppedAsync(string instanceId, TimeSpan grace, CancellationToken cancel)
    {
        if (await InspectAsync(instanceId, cancel) is not { } container)
            return;
        // "always" would bring it back with the next start of the engine.
        if (container.HostConfig?.RestartPolicy?.Name != RestartPolicyKind.No)
            await docker.AskAsync(engine => engine.Containers.UpdateContainerAsync(container.ID, new ContainerUpdateParameters
            {
                RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
            }, cancel), cancel);
        await docker.RemoveAsync(engine => engine.Containers.StopContainerAsync(
            container.ID, new ContainerStopParameters { WaitBeforeKillSeconds = (uint)grace.TotalSeconds }, cancel), cancel);
    }

    public async Task EnsureRemovedAsync(string instanceId, CancellationToken cancel)
    {
        await EnsureStoppedAsync(instanceId, removeGrace, cancel);
        await RemoveContainerAsync(instanceId, cancel);
        foreach (var network in await NetworksAsync(instanceId, cancel))
            await docker.RemoveAsync(engine => engine.Networks.DeleteNetworkAsync(network.ID, cancel), cancel);
    }

    public Task RemoveStorageAsync(string instanceId, CancellationToken cancel) =>
        docker.RemoveAsync(engine => engine.Volumes.RemoveAsync(DockerNames.Of(instanceId), force: false, cancel), cancel);

    public async Task<EngineObservation> ObserveAsync(string instanceId, CancellationToken cancel) =>
        ContainerView.Observe(instanceId, await InspectAsync(instanceId, cancel), await HasStorageAsync(instanceId, cancel));

    public async Task<IReadOnlyList<EngineObservation>> ListAllAsync(CancellationToken cancel)
    {
        var ours = DockerNames.Filter(DockerNames.DeploymentLabel, options.Deployment);
        var containers = await docker.AskAsync(engine => engine.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = ours }, cancel), cancel);
        var volumes = await docker.AskAsync(engine => engine.Volumes.ListAsync(new VolumesListParameters { Filters = ours }, cancel), cancel);

        var stored = (volumes.Volumes ?? []).Select(volume => volume.Labels[DockerNames.InstanceLabel]).ToHashSet();
        var seen = containers
            .Select(container => (Id: container.Labels[DockerNames.InstanceLabel], Container: container))
            .Select(found => ContainerView.Observe(found.Id, found.Container, stored.Contains(found.Id)))
            .ToList();
        var running = seen.Select(observation => observation.InstanceId).ToHashSet();
        return [.. seen, .. stored.Where(id => !running.Contains(id)).Select(id => new EngineObservation(id) { HasStorage = true })];
    }

    /// <summary>For shutdown: ends what runs and leaves the wish (the restart policy), so that <see cref="ResumeAllAsync"/> knows what to bring back.</summary>
    internal async Task PauseAllAsync(CancellationToken cancel) => await Task.WhenAll(
        (await ListAllAsync(cancel)).Where(seen => seen.Running).Select(seen => docker.RemoveAsync(engine => engine.Containers.StopContainerAsync(
            DockerNames.Of(seen.InstanceId), new ContainerStopParameters { WaitBeforeKillSeconds = (uint)options.StopGrace.TotalSeconds }, cancel), cancel)));

    internal async Task ResumeAllAsync(CancellationToken cancel) => await Task.WhenAll(
        (await ListAllAsync(cancel)).Where(seen => seen is { Exists: true, Running: false }).Select(async seen =>
        {
            if (await InspectAsync(seen.InstanceId, cancel) is { HostConfig.RestartPolicy.Name: RestartPolicyKind.Always } container)
                await docker.RemoveAsync(engine => engine.Containers.StartContainerAsync(container.ID, new ContainerStartParameters(), cancel), cancel);
        }));

    /// <summary>The container as the spec says, with image and port; whether it runs is left as it is.</summary>
    async Task<ContainerInspectResponse> EnsureContainerAsync(InstanceSpec spec, CancellationToken cancel)
    {
        var present = await InspectAsync(spec.Id, cancel);
        if (present is not null && ContainerView.PublishedPort(present) == spec.Port && (spec.Image ?? present.Image) == present.Image)
            return present;

        // A container that is created on a volume that is missing gets a new, empty one from the engine.
        if (!await HasStorageAsync(spec.Id, cancel))
            throw new StorageMissingException(spec.Id);
        var imageId = spec.Image ?? present?.Image ?? await image.ResolveAsync(cancel);
        if (present is not null)
        {
            await EnsureStoppedAsync(spec.Id, removeGrace, cancel);
            await RemoveContainerAsync(spec.Id, cancel);
        }
        var networkId = await EnsureNetworkAsync(spec.Id, cancel);
        try
        {
            await docker.AskAsync(engine => engine.Containers.CreateContainerAsync(
                HardenedContainer.For(spec, imageId, networkId, options), cancel), cancel);
        }
        catch (DockerApiException fault) when (fault.StatusCode == HttpStatusCode.Conflict)
        {
            // The answer to an earlier call was lost; the name found it.
        }
        return await InspectAsync(spec.Id, cancel) ?? throw new EngineUnavailableException($"the container of {spec.Id} vanished");
    }

    /// <summary>False when the engine cannot change the limits of the running container.</summary>
    async Task<bool> TryLimitAsync(ContainerInspectResponse container, InstanceSpec spec, CancellationToken cancel)
    {
        if (container.HostConfig is { RestartPolicy.Name: RestartPolicyKind.Always } host
            && (host.Memory, host.NanoCPUs, host.PidsLimit) == (spec.MemoryBytes, HardenedContainer.NanoCpus(spec), spec.PidsMax))
            return true;
        try
        {
            await docker.AskAsync(engine => engine.Containers.UpdateContainerAsync(container.ID, new ContainerUpdateParameters
            {
                Memory = spec.MemoryBytes,
                MemorySwap = spec.MemoryBytes,
                NanoCPUs = HardenedContainer.NanoCpus(spec),
                PidsLimit = spec.PidsMax,
                RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.Always },
            }, cancel), cancel);
            return true;
        }
        catch (EngineUnavailableException fault) when (fault.InnerException is DockerApiException && ContainerView.IsRunning(container))
        {
            return false;
        }
    }

    async Task<string> EnsureNetworkAsync(string instanceId, CancellationToken cancel)
    {
        var present = await NetworksAsync(instanceId, cancel);
        if (present.Count > 0)
            return present[0].ID;
        var created = await docker.AskAsync(engine => engine.Networks.CreateNetworkAsync(new NetworksCreateParameters
        {
            Name = DockerNames.Of(instanceId),
            Driver = "bridge",
            Labels = DockerNames.Labels(instanceId, options.Deployment),
            Options = new Dictionary<string, string>
            {
                ["com.docker.network.bridge.enable_icc"] = "false",
                ["com.docker.network.bridge.enable_ip_masquerade"] = "false",
            },
        }, cancel), cancel);
        return created.ID;
    }

    // By label, not by name: this engine accepts two networks of one name, and both are ours to remove.
    Task<IList<NetworkResponse>> NetworksAsync(string instanceId, CancellationToken cancel) =>
        docker.AskAsync(engine => engine.Networks.ListNetworksAsync(
            new NetworksListParameters { Filters = DockerNames.Filter(DockerNames.InstanceLabel, instanceId) }, cancel), cancel);

    async Task RemoveContainerAsync(string instanceId, CancellationToken cancel) =>
        await docker.RemoveAsync(engine => engine.Containers.RemoveContainerAsync(
            DockerNames.Of(instanceId), new ContainerRemoveParameters { Force = true }, cancel), cancel);

    Task<ContainerInspectResponse?> InspectAsync(string instanceId, CancellationToken cancel) =>
        docker.FindAsync(engine => engine.Containers.InspectContainerAsync(DockerNames.Of(instanceId), cancel), cancel);

    async Task<bool> HasStorageAsync(string instanceId, CancellationToken cancel) =>
        await docker.FindAsync(engine => engine.Volumes.InspectAsync(DockerNames.Of(instanceId), cancel), cancel) is not null;
}
