using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Alerts;
using ControlPlane.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Api;

public sealed class ListTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Pages_give_each_item_once_while_others_are_added()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        for (var i = 0; i < 7; i++)
            await customer.Client.CreateInstanceAsync(new CreateInstanceRequest($"orders-{i}", "pro"));

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await customer.Http.GetAsync($"v1/instances?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            var answer = await page.ReadAsync<Page<InstanceResource>>();
            answer.Items.Count.ShouldBeLessThanOrEqualTo(3);
            names.AddRange(answer.Items.Select(instance => instance.Name));
            cursor = answer.NextCursor;
            if (names.Count == 3)
                await customer.Client.CreateInstanceAsync(new CreateInstanceRequest("newcomer", "pro"));
        }
        while (cursor is not null);

        names.ShouldBe(["orders-6", "orders-5", "orders-4", "orders-3", "orders-2", "orders-1", "orders-0"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Open_alerts_come_before_resolved_ones_on_every_size_of_page(int size)
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        await using (var scope = server.Fleet())
        {
            foreach (var kind in (string[])["a", "b", "c", "d", "e"])
                await scope.Db.RaiseAlertAsync(customer.Organization, kind, AlertSeverity.Warning, "subject", kind, server.Clock, CancellationToken.None);
            await scope.Db.SaveChangesAsync();
            foreach (var kind in (string[])["b", "e"])
                await scope.Db.ResolveAlertAsync(kind, "subject", server.Clock, CancellationToken.None);
            await scope.Db.SaveChangesAsync();
        }

        var kinds = new List<string>();
        string? cursor = null;
        do
        {
            var page = await (await customer.Http.GetAsync($"v1/alerts?limit={size}{(cursor is null ? "" : $"&cursor={cursor}")}")).ReadAsync<Page<AlertResource>>();
            page.Items.Count.ShouldBeLessThanOrEqualTo(size);
            kinds.AddRange(page.Items.Select(alert => alert.Kind));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        kinds.ShouldBe(["d", "c", "a", "e", "b"]);
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_log_with_who_made_it()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync("ada@example.com");
        var instance = await server.AddRunningInstanceAsync(customer, plan: "pro");
        await customer.Client.GetCredentialsAsync(instance.Id);
        await customer.Client.UpdateInstanceAsync(instance.Id, new UpdateInstanceRequest("mails"));
        await customer.Client.RestartInstanceAsync(instance.Id);
        await customer.Client.RotatePasswordAsync(instance.Id, new RotatePasswordRequest());
        await customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("free"));
        await customer.Client.PutBackupPolicyAsync(instance.Id, new BackupPolicyResource(true, "daily", null, 3, 2));
        await customer.Client.CreateBackupAsync(instance.Id);
        await customer.Client.SuspendInstanceAsync(instance.Id);
        await customer.Client.ResumeInstanceAsync(instance.Id);
        await customer.Client.DeleteInstanceAsync(instance.Id);
        await customer.Client.UndeleteInstanceAsync(instance.Id);
        var token = await customer.Client.CreateTokenAsync(new CreateTokenRequest("deploy"));
        await customer.Client.RevokeTokenAsync(token.Token.Id);

        var log = (await customer.Client.ListAuditAsync()).Items;

        log.Select(entry => entry.Action).Reverse().ShouldBe(
        [
            "organization.created", "invoice.issued", "instance.created", "instance.credentials_viewed", "instance.renamed", "instance.restarted", "instance.password_rotated",
            "instance.plan_changed", "backup_policy.changed", "backup.requested", "instance.suspended", "instance.resumed", "instance.deleted", "instance.undeleted",
            "token.created", "token.revoked",
        ]);
        log[^1].ShouldSatisfyAllConditions(entry => entry.ActorKind.ShouldBe("user"), entry => entry.Actor.ShouldBe("ada@example.com"));
        log[0].ShouldSatisfyAllConditions(
            entry => entry.ActorKind.ShouldBe("token"), entry => entry.Actor.ShouldBe("First token"), entry => entry.Subject.ShouldBe(token.Token.Id), entry => entry.IpAddress.ShouldBe("127.0.0.1"));
    }

    [Fact]
    public async Task Stats_thin_a_day_to_at_most_360_points_that_end_with_the_newest()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer)).Id;
        (await customer.Client.GetStatsAsync(id)).Now.ShouldBeNull();
        var now = server.Clock.GetUtcNow();
        await server.ExecuteAsOwnerAsync(
            "INSERT INTO instance_samples (instance_id, organization_id, at, total_enqueued, total_processed, total_failures, queued, scheduled, retries, dead, working, connections, workers, memory_bytes, storage_bytes, queues) " +
            "SELECT $1, $2, $3 - make_interval(secs => n * 60), 0, 1441 - n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{\"default\": 3}' FROM generate_series(0, 1500) n",
            StandInProvisioner.Parse(id).Value, customer.Organization.Value, now);

        var day = await customer.Client.GetStatsAsync(id, 1440);
        var minutes = await customer.Client.GetStatsAsync(id, 10);

        day.History.Count.ShouldBeInRange(350, 360);
        day.History.Select(sample => sample.At).ShouldBeInOrder();
        day.History[^1].TotalProcessed.ShouldBe(1441);
        minutes.History.Count.ShouldBeInRange(9, 10);
        day.Now!.Queues["default"].ShouldBe(3);
        day.Limits.ConnectionsMax.ShouldBe(50);
        await using var scope = server.Fleet();
        scope.Db.Instances.Single().WatchedUntil!.Value.ShouldBeGreaterThan(now);
    }

    [Fact]
    public async Task A_caller_over_its_limit_is_told_how_long_to_wait()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2027, 1, 4, 12, 0, 0, TimeSpan.Zero));
        await using var server = await ApiServer.StartAsync(postgres, clock, "--RateLimits:PerCallerPerMinute=3", "--RateLimits:SensitivePerAddressPerHour=2");
        var customer = await server.SignUpAsync();
        var other = await server.SignUpAsync();
        for (var left = 2; left >= 0; left--)
        {
            using var allowed = await customer.Http.GetAsync("v1/me");
            allowed.IsSuccessStatusCode.ShouldBeTrue();
            allowed.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"caller\";q=3;w=60"]);
            allowed.Headers.GetValues("RateLimit").ShouldBe([$"\"caller\";r={left};t=60"]);
        }

        clock.Advance(TimeSpan.FromSeconds(20));
        using var refused = await customer.Http.GetAsync("v1/me");
        using var signUp = await customer.PostAsync("v1/signup", new SignUpRequest("x@example.com", Customer.Password, "X"));
        await refused.ShouldBeRefusedAsync(429, "rate_limited");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(40));
        await signUp.ShouldBeRefusedAsync(429, "rate_limited");
        (await other.Client.GetMeAsync()).Role.ShouldBe("owner");

        clock.Advance(TimeSpan.FromSeconds(40));
        (await customer.Client.GetMeAsync()).Role.ShouldBe("owner");
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2::1", "20010DB800010002")]
    [InlineData("2001:db8:1:2:ffff::9", "20010DB800010002")]
    public void Addresses_of_one_network_count_together(string address, string network) =>
        RateLimiting.Network(System.Net.IPAddress.Parse(address)).ShouldBe(network);

    [Fact]
    public void Windows_that_have_ended_are_forgotten()
    {
        var clock = new FakeTimeProvider();
        var limits = new RequestLimits(clock);
        var limit = new RequestLimit("test", 1, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 20_000; i++)
            limits.Count(limit, $"old {i}").IsAllowed.ShouldBeTrue();
        clock.Advance(TimeSpan.FromMinutes(1));

        limits.Count(limit, "new").IsAllowed.ShouldBeTrue();

        limits.WindowCount.ShouldBe(1);
    }
}
