using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Faktory.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Provisioner.Engines;
using Provisioner.Engines.Containers;

namespace ControlPlane.Tests.Provisioning;

public sealed class DockerEngineTests(DockerFixture docker) : EngineContract
{
    readonly string deployment = $"test-{Guid.NewGuid():n}";
    readonly List<DockerCalls> calls = [];

    /// <summary>CIS Docker Benchmark, section 5, on the container as it runs.</summary>
    [Fact]
    public async Task Container_passes_the_baseline()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);
        var container = await docker.InspectAsync(Id);
        var (host, config) = (container.HostConfig.ShouldNotBeNull(), container.Config.ShouldNotBeNull());

        host.CapDrop.ShouldBe(["ALL"]); // 5.4
        host.CapAdd.ShouldBeNull();
        host.Privileged.ShouldBeFalse(); // 5.5
        host.Binds.ShouldBeNull(); // 5.6
        container.Mounts.ShouldNotBeNull().ShouldHaveSingleItem().Type.ShouldBe("volume");
        host.NetworkMode.ShouldNotBeOneOf("host", "bridge", "default"); // 5.10, 5.30
        config.ExposedPorts.ShouldNotBeNull().Keys.ShouldBe(["7419/tcp"]);
        (host.Memory, host.MemorySwap).ShouldBe((spec.MemoryBytes, spec.MemoryBytes)); // 5.11
        host.NanoCPUs.ShouldBe(500_000_000); // 5.12
        host.ReadonlyRootfs.ShouldBeTrue(); // 5.13
        host.PublishAllPorts.ShouldBeFalse();
        var published = host.PortBindings.ShouldNotBeNull().ShouldHaveSingleItem(); // 5.14
        published.Key.ShouldBe("7419/tcp");
        published.Value.ShouldHaveSingleItem().HostIP.ShouldBe("127.0.0.1");
        host.RestartPolicy.ShouldNotBeNull().Name.ShouldBe(RestartPolicyKind.Always); // 5.15
        host.PidMode.ShouldBeNullOrEmpty(); // 5.16
        host.IpcMode.ShouldBe("private"); // 5.17
        host.Devices.ShouldBeNull(); // 5.18
        host.Ulimits.ShouldNotBeNull().Select(limit => (limit.Name, limit.Hard)).ShouldBe([("nofile", 16_384), ("core", 0)], ignoreOrder: true); // 5.19
        container.Mounts[0].Propagation.ShouldBeNullOrEmpty(); // 5.20: a volume's is private
        host.UTSMode.ShouldBeNullOrEmpty(); // 5.21
        host.SecurityOpt.ShouldNotBeNull().ShouldBe(["no-new-privileges"]); // 5.22 (seccomp stays the default), 5.26
        config.Healthcheck.ShouldNotBeNull().Test.ShouldBe(["CMD", "/faktory-server", "healthcheck"]); // 5.27
        config.Image.ShouldNotBeNull().ShouldStartWith("sha256:"); // 5.28
        host.PidsLimit.ShouldBe(spec.PidsMax); // 5.29
        host.UsernsMode.ShouldBeNullOrEmpty(); // 5.31
        container.Mounts.ShouldNotContain(mount => mount.Source.Contains("docker.sock", StringComparison.Ordinal)); // 5.32

        config.User.ShouldBe("10001:10001");
        host.Init.ShouldBe(true);
        host.Tmpfs.ShouldNotBeNull()["/tmp"].ShouldContain("noexec");
        host.LogConfig.ShouldNotBeNull().Config.ShouldNotBeNull().ShouldContainKey("max-size");
        string.Join('\n', config.Env ?? []).ShouldNotContain("test-"); // neither password nor admin token
        string.Join('\n', config.Cmd ?? []).ShouldNotContain("test-");
    }

    [Fact]
    public async Task Server_in_the_container_has_no_capability_and_cannot_gain_any()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);

        var status = await File.ReadAllTextAsync($"/proc/{await ServerPidAsync()}/status");
        status.ShouldContain("CapEff:\t0000000000000000");
        status.ShouldContain("CapBnd:\t0000000000000000");
        status.ShouldContain("NoNewPrivs:\t1");
        status.ShouldContain("Seccomp:\t2");
        status.ShouldContain("Uid:\t10001\t10001\t10001\t10001");
    }

    [Fact]
    public async Task Instance_reaches_neither_the_host_nor_another_instance_nor_the_world()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root enters the network of a container.");
        Assert.SkipUnless(docker.Endpoint.Contains("faktory-cloud", StringComparison.Ordinal), "The rules against tenants belong to the engine of infra/docker/engine.sh.");
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);
        var other = NewSpec() with { Id = $"ins_{Guid.NewGuid():n}" };
        await ProvisionAsync(other);
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var hostPort = ((IPEndPoint)listener.LocalEndpoint).Port;
        try
        {
            var gateway = (await docker.InspectAsync(Id)).NetworkSettings!.Networks!.Values.Single().Gateway;
            var neighbour = (await Engine.ObserveAsync(other.Id, default)).Admin!.Host;

            // Itself first: a test that could reach nothing at all would prove nothing.
            (await docker.RunInNetworkOfAsync(Id, "</dev/tcp/127.0.0.1/7419")).ExitCode.ShouldBe(0);
            (await docker.RunInNetworkOfAsync(Id, $"</dev/tcp/{gateway}/{hostPort}")).ExitCode.ShouldNotBe(0);
            (await docker.RunInNetworkOfAsync(Id, $"</dev/tcp/{neighbour}/7419")).ExitCode.ShouldNotBe(0);
            (await docker.RunInNetworkOfAsync(Id, $"</dev/tcp/{neighbour}/7421")).ExitCode.ShouldNotBe(0);
            (await docker.RunInNetworkOfAsync(Id, "</dev/tcp/169.254.169.254/80")).ExitCode.ShouldNotBe(0);
        }
        finally
        {
            await Engine.EnsureRemovedAsync(other.Id, default);
            await Engine.RemoveStorageAsync(other.Id, default);
        }
    }

    [Fact]
    public async Task Limits_change_while_the_instance_runs()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);
        var before = await Engine.ObserveAsync(Id, default);

        await Engine.EnsureStartedAsync(spec with { MemoryBytes = 256L << 20, CpuMillis = 1500, PidsMax = 300 }, default);

        var host = (await docker.InspectAsync(Id)).HostConfig.ShouldNotBeNull();
        (host.Memory, host.MemorySwap, host.NanoCPUs, host.PidsLimit).ShouldBe((256L << 20, 256L << 20, 1_500_000_000, 300));
        (await Engine.ObserveAsync(Id, default)).StartedAt.ShouldBe(before.StartedAt);
    }

    [Fact]
    public async Task Server_that_is_killed_for_want_of_memory_comes_back_with_every_job_it_had_promised()
    {
        const int Rounds = 5;
        var spec = NewSpec() with { CpuMillis = 1000 };
        await ProvisionAsync(spec);
        for (var round = 1; round <= Rounds; round++)
        {
            await UntilServedAsync(spec);
            var load = new GrowingLoad(FaktoryUrl.Parse($"tcp://:test-password@127.0.0.1:{spec.Port}"));
            await load.RunAsync();

            await Wait.UntilAsync("the engine started it again", async () => await Engine.ObserveAsync(Id, default) is { Running: true } now && now.Restarts == round);
            (await Engine.ObserveAsync(Id, default)).OutOfMemory.ShouldBeTrue();
            await UntilServedAsync(spec);
            load.Compare(await load.DrainAsync());
            load.Promised.ShouldBeGreaterThan(100);
        }
    }

    [Fact]
    public async Task Instance_file_belongs_to_the_server_and_is_read_only()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        var (entry, content) = await ReadInstanceFileAsync();

        (entry.Mode, entry.Uid, entry.Gid).ShouldBe((UnixFileMode.UserRead, 10_001, 10_001));
        content.ShouldBe(spec.InstanceFile.ToArray());
    }

    [Fact]
    public async Task Removed_container_and_lost_network_are_made_again_on_the_same_volume()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await docker.Client.Containers.RemoveContainerAsync(DockerNames.Of(Id), new ContainerRemoveParameters { Force = true });
        await docker.Client.Networks.DeleteNetworkAsync(DockerNames.Of(Id));

        await Engine.EnsureStartedAsync(spec, default);

        await UntilServedAsync(spec);
        (await ReadInstanceFileAsync()).Content.ShouldBe(spec.InstanceFile.ToArray());
    }

    [Fact]
    public async Task Stopped_instance_is_not_brought_back_by_a_restart_of_the_engine()
    {
        await ProvisionAsync(NewSpec());
        await Engine.EnsureStoppedAsync(Id, TimeSpan.FromSeconds(5), default);
        (await docker.InspectAsync(Id)).HostConfig!.RestartPolicy!.Name.ShouldBe(RestartPolicyKind.No);

        await Engine.EnsureStartedAsync(NewSpec(), default);
        (await docker.InspectAsync(Id)).HostConfig!.RestartPolicy!.Name.ShouldBe(RestartPolicyKind.Always);
    }

    [Fact]
    public async Task Containers_that_end_with_their_host_come_back_with_it_unless_they_were_stopped_before()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        var stopped = NewSpec() with { Id = $"ins_{Guid.NewGuid():n}" };
        await ProvisionAsync(stopped);
        await Engine.EnsureStoppedAsync(stopped.Id, TimeSpan.FromSeconds(5), default);
        var options = docker.Options(deployment);
        options.StopInstancesOnShutdown = true;
        var host = new ContainersWithHost((DockerEngine)Engine, options, NullLogger<ContainersWithHost>.Instance);
        try
        {
            await host.StopAsync(default);
            (await Engine.ObserveAsync(Id, default)).Running.ShouldBeFalse();

            await host.StartAsync(default);
            await UntilServedAsync(spec);
            (await Engine.ObserveAsync(stopped.Id, default)).Running.ShouldBeFalse();
        }
        finally
        {
            await Engine.EnsureRemovedAsync(stopped.Id, default);
            await Engine.RemoveStorageAsync(stopped.Id, default);
        }
    }

    [Fact]
    public async Task Nothing_of_another_deployment_is_listed()
    {
        await ProvisionAsync(NewSpec());
        using var client = new DockerCalls(new DockerClientBuilder().WithEndpoint(new Uri(docker.Endpoint)).Build());
        var options = docker.Options("another");

        (await new DockerEngine(client, new DockerImage(client, options), options).ListAllAsync(default)).ShouldNotContain(seen => seen.InstanceId == Id);
    }

    [Fact]
    public async Task Engine_that_does_not_answer_is_named_as_the_fault()
    {
        using var nobody = new DockerCalls(new DockerClientBuilder().WithEndpoint(new Uri("unix:///nowhere/docker.sock")).Build());
        var options = docker.Options(deployment);
        var engine = new DockerEngine(nobody, new DockerImage(nobody, options), options);

        (await engine.AnswersAsync(default)).ShouldBeFalse();
        await Should.ThrowAsync<EngineUnavailableException>(() => engine.EnsureStartedAsync(NewSpec(), default));
    }

    private protected override Task<IInstanceEngine> StartEngineAsync()
    {
        docker.SkipUnlessItAnswers();
        var options = docker.Options(deployment);
        var client = new DockerCalls(new DockerClientBuilder().WithEndpoint(new Uri(docker.Endpoint)).WithTimeout(options.CallTimeout).Build());
        calls.Add(client);
        return Task.FromResult<IInstanceEngine>(new DockerEngine(client, new DockerImage(client, options), options));
    }

    private protected override async Task KillServerAsync()
    {
        using var server = Process.GetProcessById(await ServerPidAsync());
        server.Kill();
    }

    private protected override async Task CleanAsync()
    {
        if (calls.Count == 0)
            return;
        await base.CleanAsync();
        (await docker.Client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = DockerNames.Filter(DockerNames.DeploymentLabel, deployment) }))
            .ShouldBeEmpty();
        calls.ForEach(client => client.Dispose());
    }

    async Task<(TarEntry Entry, byte[] Content)> ReadInstanceFileAsync()
    {
        var archive = await docker.Client.Containers.GetArchiveFromContainerAsync(
            DockerNames.Of(Id), new ContainerPathStatParameters { Path = "/var/lib/faktory/instance.json" }, false, default);
        await using var bytes = archive.Stream.ShouldNotBeNull();
        await using var tar = new TarReader(bytes);
        var entry = (await tar.GetNextEntryAsync(copyData: true)).ShouldNotBeNull();
        using var content = new MemoryStream();
        await entry.DataStream.ShouldNotBeNull().CopyToAsync(content);
        return (entry, content.ToArray());
    }

    /// <summary>The container's first process is the init that reaps; the server is its child.</summary>
    async Task<int> ServerPidAsync()
    {
        var init = (await docker.InspectAsync(Id)).State.ShouldNotBeNull().Pid;
        var children = await File.ReadAllTextAsync($"/proc/{init}/task/{init}/children");
        return int.Parse(children.Trim(), CultureInfo.InvariantCulture);
    }
}
