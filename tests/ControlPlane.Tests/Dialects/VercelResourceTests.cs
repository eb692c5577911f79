using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Dialects.Doubles;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.EntityFrameworkCore;
using static ControlPlane.Tests.Dialects.VercelCalls;

namespace ControlPlane.Tests.Dialects;

/// <summary>Vercel's calls on what an installation has, and what Vercel tells of it.</summary>
public sealed class VercelResourceTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_resource_is_suspended_resumed_looked_into_and_given_new_secrets_once_a_request()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var token = vercel.Sign(world.Server.Clock);
        await InstallAsync(world, token);
        var made = await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201);
        var resource = $"{Base}/resources/{made.Text("id")}";

        (await SendAsync(world, token, HttpMethod.Patch, resource, new { status = "suspended" }, 200)).Text("status").ShouldBe("suspended");
        (await SendAsync(world, token, HttpMethod.Patch, resource, new { status = "suspended" }, 200)).Text("status").ShouldBe("suspended");
        await SendAsync(world, token, HttpMethod.Patch, resource, new { status = "resumed" }, 200);
        await Wait.UntilAsync("it runs again", async () => (await SendAsync(world, token, HttpMethod.Get, resource, null, 200)).Text("status") == "ready");
        await SendAsync(world, token, HttpMethod.Patch, $"{Base}/resources/res-none", new { name = "x" }, 404);

        (await SendAsync(world, token, HttpMethod.Post, $"{resource}/repl", new { input = "stats" }, 200))[0]!.Text("type").ShouldBe("paragraph");
        var managed = await world.ResourceAsync(made.Text("id"));
        await world.Server.ExecuteAsOwnerAsync("""
            INSERT INTO instance_samples (instance_id, organization_id, at, total_enqueued, total_processed, total_failures, queued, scheduled, retries, dead, working, connections, workers, memory_bytes, storage_bytes, queues)
            VALUES ($1, $2, now(), 0, 41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{"default": 3, "mail": 5}')
            """, managed.InstanceId.Value, managed.OrganizationId.Value);
        (await SendAsync(world, token, HttpMethod.Post, $"{resource}/repl", new { input = "stats" }, 200)).ToJsonString().ShouldContain("\"41\"");
        (await SendAsync(world, token, HttpMethod.Post, $"{resource}/repl", new { input = " QUEUES " }, 200))[0]!["rows"]!.AsArray().Select(r => r![0]!.Text("text")).ShouldBe(["mail", "default"]);
        await SendAsync(world, token, HttpMethod.Post, $"{resource}/repl", new { input = "drop everything" }, 400);
        await SendAsync(world, token, HttpMethod.Post, $"{resource}/repl", new { }, 400);
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources/res-none/repl", new { input = "help" }, 404);

        await SendAsync(world, token, HttpMethod.Post, $"{resource}/secrets/rotate", new { delayOldSecretsExpirationHours = 721 }, 400);
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources/res-none/secrets/rotate", new { }, 404);
        var rotated = await RotateAsync("k-1");
        (await RotateAsync("k-1")).ShouldBe(rotated);
        (await RotateAsync("k-2")).ShouldNotBe(rotated);

        // What the engine has given up is said where Vercel shows it.
        await world.Server.ExecuteAsOwnerAsync("UPDATE instances SET state = 'failed'");
        var broken = await SendAsync(world, token, HttpMethod.Get, resource, null, 200);
        (broken.Text("status"), broken["notification"]!.Text("level")).ShouldBe(("error", "error"));

        async Task<string> RotateAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{resource}/secrets/rotate") { Content = System.Net.Http.Json.JsonContent.Create(new { reason = "leak" }), Headers = { { "Authorization", $"Bearer {token}" }, { "Idempotency-Key", key } } };
            using var response = await world.Stranger.SendAsync(request);
            return (await response.ShouldBeAsync(200))["secrets"]![0]!.Text("value");
        }
    }

    [Fact]
    public async Task An_installation_ends_once_and_is_not_taken_up_again()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var token = vercel.Sign(world.Server.Clock);
        await SendAsync(world, token, HttpMethod.Delete, Base, null, 404);
        await SendAsync(world, token, HttpMethod.Patch, Base, new { billingPlanId = "pro" }, 404);
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/billing/provision", new { }, 404);
        await SendAsync(world, token, HttpMethod.Get, $"{Base}/resources", null, 404);
        await InstallAsync(world, token);

        var plans = (await SendAsync(world, token, HttpMethod.Get, $"{Base}/plans", null, 200))["plans"]!.AsArray();
        plans.ShouldAllBe(p => p != null && p.Text("type") == "subscription" && p.Text("scope") == "resource" && p["details"]!.AsArray().Count > 0);
        (plans.Single(p => p!.Text("id") == "free")!["paymentMethodRequired"]!.GetValue<bool>(), plans.Single(p => p!.Text("id") == "pro")!["paymentMethodRequired"]!.GetValue<bool>()).ShouldBe((false, true));
        await SendAsync(world, token, HttpMethod.Patch, Base, new { billingPlanId = "none" }, 400);
        await SendAsync(world, token, HttpMethod.Delete, Base, new { reason = "done" }, 204);
        await SendAsync(world, token, HttpMethod.Delete, Base, new { reason = "done" }, 204);
        await SendAsync(world, token, HttpMethod.Put, Base, new { credentials = new { access_token = VercelDouble.AccessToken } }, 409);
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 404);
    }

    [Fact]
    public async Task A_transfer_is_read_withdrawn_and_too_old_and_then_moves_nothing()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var (source, target) = (vercel.Sign(world.Server.Clock), vercel.Sign(world.Server.Clock, installation: "icfg_2"));
        const string Transfers = $"{Base}/resource-transfer-requests", Taking = "vercel/v1/installations/icfg_2/resource-transfer-requests";
        await InstallAsync(world, source);
        await SendAsync(world, target, HttpMethod.Post, $"{Taking}/t-1/verify", new { }, 404);
        await SendAsync(world, target, HttpMethod.Put, "vercel/v1/installations/icfg_2", new { credentials = new { access_token = "another" } }, 201);
        var rid = (await SendAsync(world, source, HttpMethod.Post, $"{Base}/resources", Resource(), 201)).Text("id");

        await SendAsync(world, source, HttpMethod.Put, $"{Transfers}/t-1", new { }, 400);
        await SendAsync(world, source, HttpMethod.Put, $"{Transfers}/t-1", new { resourceIds = (string[])[rid], expiration = world.Server.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds() }, 204);
        var read = await SendAsync(world, source, HttpMethod.Get, $"{Transfers}/t-1", null, 200);
        (read.Text("status"), read.Text("sourceInstallationId"), read["resourceIds"]!.AsArray().Count).ShouldBe(("unclaimed", VercelDouble.Installation, 1));
        await SendAsync(world, target, HttpMethod.Get, $"{Taking}/t-1", null, 404);
        await SendAsync(world, target, HttpMethod.Delete, $"{Taking}/t-1", null, 404);
        await SendAsync(world, source, HttpMethod.Delete, $"{Transfers}/t-1", null, 204);
        await SendAsync(world, source, HttpMethod.Delete, $"{Transfers}/t-1", null, 204);
        (await SendAsync(world, source, HttpMethod.Get, $"{Transfers}/t-1", null, 200)).Text("status").ShouldBe("withdrawn");
        await SendAsync(world, target, HttpMethod.Post, $"{Taking}/t-1/verify", new { }, 404);
        await SendAsync(world, target, HttpMethod.Post, $"{Taking}/t-1/accept", new { }, 404);

        await SendAsync(world, source, HttpMethod.Put, $"{Transfers}/t-2", new { resourceIds = (string[])[rid], expiration = world.Server.Clock.GetUtcNow().AddSeconds(-1).ToUnixTimeMilliseconds() }, 204);
        await SendAsync(world, target, HttpMethod.Post, $"{Taking}/t-2/verify", new { }, 404);
        await SendAsync(world, target, HttpMethod.Post, $"{Taking}/t-2/accept", new { }, 404);
        await SendAsync(world, source, HttpMethod.Get, $"{Base}/resources/{rid}", null, 200);
    }

    [Fact]
    public async Task What_vercel_tells_by_webhook_is_known_by_its_signature()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var token = vercel.Sign(world.Server.Clock);
        await InstallAsync(world, token);
        var rid = (await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201)).Text("id");
        using var first = await SignOnAsync(world, vercel, "user-1", rid);
        using var second = await SignOnAsync(world, vercel, "user-2", rid);
        object Member(string person, string role) => new { type = "marketplace.member.changed", id = "e-1", createdAt = 1, payload = new { installationId = VercelDouble.Installation, memberId = person, role } };

        await TellAsync(world, Member("user-1", "NONE"), 403, secret: "another");
        (await RolesAsync()).ShouldBe([Role.Admin, Role.Admin]);
        await TellAsync(world, Member("user-1", "NONE"), 200);
        (await RolesAsync()).ShouldBe([Role.Admin]);
        await TellAsync(world, Member("user-2", "USER"), 200);
        (await RolesAsync()).ShouldBe([Role.Developer]);
        await TellAsync(world, new { type = "marketplace.invoice.notpaid", payload = new { installationId = VercelDouble.Installation, invoiceId = "vi_1", externalInvoiceId = "icfg_1-2026-11" } }, 200);
        await TellAsync(world, new { type = "deployment.created", payload = new { } }, 200);
        await TellAsync(world, new { type = "integration-configuration.removed", payload = new { configuration = new { id = "icfg_other" } } }, 200);
        (await world.ResourceAsync(rid)).State.ShouldBe(ManagedState.Active);
        await TellAsync(world, new { type = "integration-configuration.removed", payload = new { configuration = new { id = VercelDouble.Installation } } }, 200);

        (await world.ResourceAsync(rid)).State.ShouldBe(ManagedState.Deprovisioned);
        await SendAsync(world, token, HttpMethod.Delete, Base, null, 204);
        await vercel.HearAsync($"POST /v1/installations/{VercelDouble.Installation}/billing/finalize");
        (await world.ReadAsync(db => db.AuditEntries.Where(e => e.Action == "platform.notified").OrderBy(e => e.At).Select(e => e.Detail).ToListAsync())).ShouldBe(
        [
            "marketplace.member.changed user-1 NONE", "marketplace.member.changed user-2 USER", "marketplace.invoice.notpaid icfg_1-2026-11", "integration-configuration.removed",
        ]);

        async Task<List<Role>> RolesAsync()
        {
            var organization = (await world.ResourceAsync(rid)).OrganizationId;
            return await world.ReadAsync(db => db.Memberships.Where(m => m.OrganizationId == organization).Select(m => m.Role).ToListAsync());
        }
    }
}
