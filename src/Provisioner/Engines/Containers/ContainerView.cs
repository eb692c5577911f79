using System.Globalization;
using Docker.DotNet.Models;

namespace Provisioner.Engines.Containers;

/// <summary>Reads the engine's answers.</summary>
static class ContainerView
{
    public static EngineObservation Observe(string instanceId, ContainerInspectResponse? container, bool hasStorage)
    {
        if (container?.State is not { } state)
            return new EngineObservation(instanceId) { HasStorage = hasStorage };
        var running = IsRunning(container);
        return new EngineObservation(instanceId)
        {
            HasStorage = hasStorage,
            Exists = true,
            Running = running,
            Port = PublishedPort(container),
            Admin = running ? AdminOf(container.NetworkSettings?.Networks) : null,
            StartedAt = running ? Time(state.StartedAt) : null,
            ExitCode = running || state.Status == "created" ? null : (int)state.ExitCode,
            OutOfMemory = state.OOMKilled,
            Restarts = (int)container.RestartCount,
        };
    }

    public static EngineObservation Observe(string instanceId, ContainerListResponse container, bool hasStorage) =>
        new(instanceId)
        {
            HasStorage = hasStorage,
            Exists = true,
            Running = container.State == "running",
            Port = container.Ports?.FirstOrDefault(port => port.PrivatePort == HardenedContainer.ServerPort)?.PublicPort,
            Admin = container.State == "running" ? AdminOf(container.NetworkSettings?.Networks) : null,
        };

    // A container in a restart pause says Running and Restarting at once: nobody can connect to it.
    public static bool IsRunning(ContainerInspectResponse container) => container.State is { Running: true, Restarting: false };

    public static int? PublishedPort(ContainerInspectResponse container) =>
        container.HostConfig?.PortBindings is { } bindings && bindings.TryGetValue(HardenedContainer.ServerPortKey, out var bound) && bound is [{ HostPort: { Length: > 0 } port }, ..]
            ? int.Parse(port, CultureInfo.InvariantCulture)
            : null;

    static DateTimeOffset? Time(string? value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    static Uri? AdminOf(IDictionary<string, EndpointSettings>? networks) =>
        networks?.Values.Select(network => network.IPAddress).FirstOrDefault(address => !string.IsNullOrEmpty(address)) is { } address
            ? new Uri($"http://{address}:{HardenedContainer.AdminPort}")
            : null;
}
