using System.Diagnostics;
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Provisioner.Engines;
using Provisioner.Engines.Containers;
using Provisioner.Engines.Processes;

namespace ControlPlane.Tests.Provisioning;

/// <summary>An engine of one test's own: the settings by which a Provisioner uses it, and a view of the world that does not ask the Provisioner.</summary>
abstract class TestEngine : IAsyncDisposable
{
    public abstract string Name { get; }

    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>For looking, and for faults. Nothing here keeps instances running.</summary>
    public abstract IInstanceEngine Engine { get; }

    /// <summary>The server processes of an instance that this machine runs, by whatever started them.</summary>
    public abstract Task<IReadOnlyList<int>> ServersAsync(string instanceId);

    /// <summary>Networks, half-removed folders and the like that belong to no instance with storage.</summary>
    public abstract Task<IReadOnlyList<string>> LitterAsync();

    public async Task SignalAsync(string instanceId, string signal)
    {
        foreach (var pid in await ServersAsync(instanceId))
            await Process.Start("/bin/kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]).WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var seen in await Engine.ListAllAsync(default))
        {
            await Engine.EnsureRemovedAsync(seen.InstanceId, default);
            await Engine.RemoveStorageAsync(seen.InstanceId, default);
        }
        await ReleaseAsync();
    }

    protected abstract Task ReleaseAsync();
}

sealed class ProcessTestEngine : TestEngine
{
    readonly string root = Directory.CreateTempSubdirectory("faktory-engine-").FullName;
    readonly ProcessEngine engine;

    public ProcessTestEngine()
    {
        var options = new ProcessEngineOptions { Root = root };
        engine = new ProcessEngine(new Launcher(ServerBinary.Executable, options), options, TimeProvider.System, NullLogger<ProcessEngine>.Instance);
    }

    public override string Name => "process";

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Provisioner:ServerExecutable"] = ServerBinary.Executable,
        ["Provisioner:Process:Root"] = root,
        ["Provisioner:Process:LookEvery"] = "00:00:00.100",
    };

    public override IInstanceEngine Engine => engine;

    public override Task<IReadOnlyList<int>> ServersAsync(string instanceId)
    {
        // A second Provisioner's launcher carries the same arguments while it waits, in vain, for the instance's lock: it is no server.
        var argument = $"{new InstanceFolder(root, instanceId).Data}\0";
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && CommandLine(pid) is var line
                && line.StartsWith($"{ServerBinary.Executable}\0", StringComparison.Ordinal) && line.Contains(argument, StringComparison.Ordinal))
                found.Add(pid);
        return Task.FromResult<IReadOnlyList<int>>(found);
    }

    public override Task<IReadOnlyList<string>> LitterAsync() => Task.FromResult<IReadOnlyList<string>>(
    [
        .. Directory.EnumerateFileSystemEntries(root, ".removed-*"),
        .. Directory.EnumerateFiles(root, "*.new", SearchOption.AllDirectories),
    ]);

    protected override Task ReleaseAsync()
    {
        engine.Dispose();
        Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }

    static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return ""; // It ended while we looked.
        }
    }
}

sealed class DockerTestEngine : TestEngine
{
    readonly DockerFixture docker;
    readonly DockerEngineOptions options;
    readonly DockerCalls calls;

    public DockerTestEngine(DockerFixture docker)
    {
        docker.SkipUnlessItAnswers();
        this.docker = docker;
        options = docker.Options($"test-{Guid.NewGuid():n}");
        calls = new DockerCalls(new DockerClientBuilder().WithEndpoint(new Uri(docker.Endpoint)).WithTimeout(options.CallTimeout).Build());
        Engine = new DockerEngine(calls, new DockerImage(calls, options), options);
    }

    public override string Name => "docker";

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Provisioner:Docker:Endpoint"] = options.Endpoint!,
        ["Provisioner:Docker:Image"] = options.Image,
        ["Provisioner:Docker:ImageArchive"] = options.ImageArchive!,
        ["Provisioner:Docker:Deployment"] = options.Deployment,
    };

    public override IInstanceEngine Engine { get; }

    public override async Task<IReadOnlyList<int>> ServersAsync(string instanceId)
    {
        var containers = await docker.Client.Containers.ListContainersAsync(
            new ContainersListParameters { Filters = DockerNames.Filter(DockerNames.InstanceLabel, instanceId) });
        List<int> found = [];
        foreach (var container in containers)
        {
            var init = (await docker.Client.Containers.InspectContainerAsync(container.ID)).State.ShouldNotBeNull().Pid;
            var children = await File.ReadAllTextAsync($"/proc/{init}/task/{init}/children");
            found.AddRange(children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)));
        }
        return found;
    }

    public override async Task<IReadOnlyList<string>> LitterAsync()
    {
        var ours = DockerNames.Filter(DockerNames.DeploymentLabel, options.Deployment);
        var containers = await docker.Client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = ours });
        var networks = await docker.Client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = ours });
        var named = containers.Select(container => container.Names![0].TrimStart('/')).ToList();
        // One network per container, of the same name.
        foreach (var network in networks.Select(network => network.Name!))
            if (!named.Remove(network))
                named.Add($"network {network}");
        return named;
    }

    protected override Task ReleaseAsync()
    {
        calls.Dispose();
        return Task.CompletedTask;
    }
}
