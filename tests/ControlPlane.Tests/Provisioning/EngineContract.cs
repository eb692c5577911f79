using System.Net;
using System.Net.Sockets;
using System.Text;
using Provisioner.Engines;

namespace ControlPlane.Tests.Provisioning;

/// <summary>What every engine promises, on the real thing. Each engine's tests add what is its own.</summary>
public abstract class EngineContract : IAsyncLifetime
{
    static readonly HttpClient http = new();

    private protected IInstanceEngine Engine { get; private set; } = null!;

    private protected string Id { get; } = $"ins_{Guid.NewGuid():n}";

    [Fact]
    public async Task Instance_starts_and_answers_on_its_port_and_admin_port()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);

        await UntilServedAsync(spec);
        var observed = await Engine.ObserveAsync(Id, default);
        (observed.HasStorage, observed.Exists, observed.Running, observed.Port).ShouldBe((true, true, true, spec.Port));
        observed.StartedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Every_verb_can_be_repeated()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        var first = await Engine.ObserveAsync(Id, default);
        await ProvisionAsync(spec);
        (await Engine.ObserveAsync(Id, default)).StartedAt.ShouldBe(first.StartedAt);

        for (var again = 0; again < 2; again++)
            await Engine.EnsureStoppedAsync(Id, TimeSpan.FromSeconds(5), default);
        for (var again = 0; again < 2; again++)
            await Engine.EnsureRemovedAsync(Id, default);
        for (var again = 0; again < 2; again++)
            await Engine.RemoveStorageAsync(Id, default);
        (await Engine.ObserveAsync(Id, default)).ShouldBe(new EngineObservation(Id));
    }

    [Fact]
    public async Task Instance_never_starts_where_its_storage_is_missing()
    {
        await Should.ThrowAsync<StorageMissingException>(() => Engine.EnsureStartedAsync(NewSpec(), default));
        (await Engine.ObserveAsync(Id, default)).ShouldBe(new EngineObservation(Id));
    }

    [Fact]
    public async Task Taken_port_is_named_and_another_one_works()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var taken = NewSpec() with { Port = ((IPEndPoint)squatter.LocalEndpoint).Port };
        Engine.CanBind(taken.Port).ShouldBeFalse();

        (await Should.ThrowAsync<PortTakenException>(() => ProvisionAsync(taken))).Port.ShouldBe(taken.Port);

        var free = NewSpec();
        await ProvisionAsync(free);
        await UntilServedAsync(free);
    }

    [Fact]
    public async Task Stopped_instance_stays_stopped_and_starts_again_on_the_same_storage()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await Engine.EnsureStoppedAsync(Id, TimeSpan.FromSeconds(5), default);
        var stopped = await Engine.ObserveAsync(Id, default);
        (stopped.Running, stopped.HasStorage).ShouldBe((false, true));

        // No new storage and no new instance file: what was there must do.
        await Engine.EnsureStartedAsync(spec, default);
        await UntilServedAsync(spec);
    }

    [Fact]
    public async Task Killed_server_comes_back_by_itself()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);
        var before = await Engine.ObserveAsync(Id, default);

        await KillServerAsync();

        await Wait.UntilAsync("the engine started it again",
            async () => await Engine.ObserveAsync(Id, default) is { Running: true } now && now.StartedAt != before.StartedAt);
        await UntilServedAsync(spec);
        (await Engine.ObserveAsync(Id, default)).Restarts.ShouldBe(1);
    }

    [Fact]
    public async Task Another_port_moves_the_instance()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);

        var moved = NewSpec();
        await Engine.EnsureStartedAsync(moved, default);

        await UntilServedAsync(moved);
        (await Engine.ObserveAsync(Id, default)).Port.ShouldBe(moved.Port);
        Engine.CanBind(spec.Port).ShouldBeTrue();
    }

    [Fact]
    public async Task Removed_instance_leaves_its_storage_and_comes_back_from_it()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await Engine.EnsureRemovedAsync(Id, default);
        (await Engine.ListAllAsync(default)).ShouldContain(new EngineObservation(Id) { HasStorage = true });

        await Engine.EnsureInstanceFileAsync(spec, default);
        await Engine.EnsureStartedAsync(spec, default);
        await UntilServedAsync(spec);
    }

    [Fact]
    public async Task List_shows_what_runs()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);

        var listed = (await Engine.ListAllAsync(default)).ShouldHaveSingleItem();
        (listed.InstanceId, listed.HasStorage, listed.Running, listed.Port).ShouldBe((Id, true, true, spec.Port));
        listed.Admin.ShouldBe((await Engine.ObserveAsync(Id, default)).Admin);
    }

    [Fact]
    public async Task Another_provisioner_finds_what_the_first_one_started()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);
        var started = await Engine.ObserveAsync(Id, default);

        Engine = await StartEngineAsync();

        await Engine.EnsureStartedAsync(spec, default);
        (await Engine.ObserveAsync(Id, default)).StartedAt.ShouldBe(started.StartedAt);
        await Engine.EnsureStoppedAsync(Id, TimeSpan.FromSeconds(5), default);
        (await Engine.ObserveAsync(Id, default)).Running.ShouldBeFalse();
    }

    public async ValueTask InitializeAsync() => Engine = await StartEngineAsync();

    public async ValueTask DisposeAsync()
    {
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An engine on this test's own root or label; called twice it gives two that see the same things.</summary>
    private protected abstract Task<IInstanceEngine> StartEngineAsync();

    private protected abstract Task KillServerAsync();

    private protected virtual async Task CleanAsync()
    {
        await Engine.EnsureRemovedAsync(Id, default);
        await Engine.RemoveStorageAsync(Id, default);
        (await Engine.ListAllAsync(default)).ShouldBeEmpty();
    }

    private protected InstanceSpec NewSpec() => new()
    {
        Id = Id,
        Port = FreePort(),
        AdminPort = FreePort(),
        MemoryBytes = 128L << 20,
        CpuMillis = 500,
        InstanceFile = Encoding.UTF8.GetBytes("""
            { "admin_token": "test-admin-token", "generation": 1, "passwords": [ { "value": "test-password" } ], "limits": {}, "features": {} }
            """),
    };

    private protected async Task ProvisionAsync(InstanceSpec spec)
    {
        await Engine.EnsureStorageAsync(spec, default);
        await Engine.EnsureInstanceFileAsync(spec, default);
        await Engine.EnsureStartedAsync(spec, default);
    }

    /// <summary>Commands are greeted at the published port, and the admin port says ready.</summary>
    private protected async Task UntilServedAsync(InstanceSpec spec)
    {
        await Wait.UntilAsync($"port {spec.Port} greets", async () =>
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, spec.Port);
                using var reader = new StreamReader(client.GetStream());
                return await reader.ReadLineAsync() is { } line && line.StartsWith("+HI ", StringComparison.Ordinal);
            }
            catch (Exception fault) when (fault is SocketException or IOException)
            {
                return false;
            }
        });
        await Wait.UntilAsync("the admin port is ready", async () =>
        {
            try
            {
                return (await Engine.ObserveAsync(Id, default)).Admin is { } admin
                    && (await http.GetAsync(new Uri(admin, "/readyz"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private protected static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
