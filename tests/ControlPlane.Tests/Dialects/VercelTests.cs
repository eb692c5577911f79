using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ControlPlane.Client;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Dialects.Doubles;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.EntityFrameworkCore;
using static ControlPlane.Tests.Dialects.VercelCalls;

namespace ControlPlane.Tests.Dialects;

public sealed class VercelTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Only_vercels_own_tokens_for_this_installation_are_let_in()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel, isPlayed: false);
        using var other = RSA.Create(2048);
        var clock = world.Server.Clock;
        foreach (var token in (string?[])[null, "nonsense", "a.b.c", vercel.Sign(clock, audience: "other"), vercel.Sign(clock, issuer: "https://elsewhere.example"), vercel.Sign(clock, installation: "icfg_2"), vercel.Sign(clock, age: TimeSpan.FromMinutes(11)), vercel.Sign(clock, by: other), vercel.Sign(clock, age: TimeSpan.FromMinutes(-2))])
            (await SendAsync(world, token, HttpMethod.Get, Base, null, 403))["error"]!.Text("code").ShouldBe("forbidden");
        await SendAsync(world, vercel.Sign(clock), HttpMethod.Get, Base, null, 404);
    }

    [Fact]
    public async Task A_team_installs_gets_resources_and_leaves_with_all_of_them()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var token = vercel.Sign(world.Server.Clock);
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 404);
        await SendAsync(world, token, HttpMethod.Put, Base, new { }, 400);
        await InstallAsync(world, token);
        await InstallAsync(world, token);

        var made = await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201);
        var again = await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201);
        JsonNode.DeepEquals(made, again).ShouldBeTrue();
        (made.Text("status"), made["secrets"]![0]!.Text("name"), made["billingPlan"]!.Text("id")).ShouldBe(("ready", "FAKTORY_URL", "free"));
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(plan: "pro"), 409);
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(plan: "none", name: "other"), 400);
        await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", new { name = "x" }, 400);
        var rid = made.Text("id");

        (await SendAsync(world, token, HttpMethod.Get, $"{Base}/resources", null, 200))["resources"]!.AsArray().Count.ShouldBe(1);
        var changed = await SendAsync(world, token, HttpMethod.Patch, $"{Base}/resources/{rid}", new { name = "renamed", billingPlanId = "pro", unknown = 1 }, 200);
        (changed.Text("name"), changed["billingPlan"]!.Text("id"), changed["secrets"]).ShouldBe(("renamed", "pro", null));
        await SendAsync(world, token, HttpMethod.Patch, $"{Base}/resources/{rid}", new { billingPlanId = "none" }, 400);
        (await SendAsync(world, token, HttpMethod.Get, $"{Base}/resources/{rid}/plans", null, 200))["plans"]!.AsArray().Count.ShouldBeGreaterThan(1);
        (await SendAsync(world, token, HttpMethod.Get, "vercel/v1/products/faktory/plans", null, 200))["plans"]!.AsArray().Count.ShouldBeGreaterThan(1);
        await SendAsync(world, token, HttpMethod.Patch, Base, new { billingPlanId = "pro" }, 204);
        (await SendAsync(world, token, HttpMethod.Get, Base, null, 200))["billingPlan"]!.Text("id").ShouldBe("pro");
        (await SendAsync(world, token, HttpMethod.Post, $"{Base}/billing/provision", new { invoiceId = "vi_1" }, 200))["balances"]!.AsArray().ShouldBeEmpty();
        (await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources/{rid}/repl", new { input = "help" }, 200))[0]!.Text("type").ShouldBe("paragraph");

        await SendAsync(world, token, HttpMethod.Delete, $"{Base}/resources/{rid}", null, 204);
        await SendAsync(world, token, HttpMethod.Delete, $"{Base}/resources/{rid}", null, 204);
        await SendAsync(world, token, HttpMethod.Get, $"{Base}/resources/{rid}", null, 404);
        (await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201)).Text("id").ShouldNotBe(rid);
        await SendAsync(world, token, HttpMethod.Delete, Base, new { reason = "done" }, 204);
        await vercel.HearAsync($"POST /v1/installations/{VercelDouble.Installation}/billing/finalize");
        await SendAsync(world, token, HttpMethod.Get, Base, null, 404);
        (await world.ReadAsync(db => db.ManagedResources.CountAsync(r => r.EndedAt == null))).ShouldBe(0);
        (await world.ReadAsync(db => db.PlatformRecords.SingleAsync(r => r.Kind == PlatformRecordKinds.Installation))).Sealed!.ShouldNotContain(VercelDouble.AccessToken);
        vercel.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secrets_follow_when_they_are_not_there_at_once_and_when_they_change()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel, new() { WaitSeconds = 0 });
        var token = vercel.Sign(world.Server.Clock);
        await InstallAsync(world, token);
        world.Runner!.Hold();

        var made = await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201);
        made.Text("status").ShouldBe("pending");
        made["secrets"]!.AsArray().ShouldBeEmpty();
        world.Runner.Release();
        var call = $"PUT /v1/installations/{VercelDouble.Installation}/resources/{made.Text("id")}/secrets";
        var first = (await vercel.HearAsync(call)).Json["secrets"]![0]!.Text("value");
        await vercel.HearAsync($"POST /v1/installations/{VercelDouble.Installation}/events");
        (await SendAsync(world, token, HttpMethod.Get, $"{Base}/resources/{made.Text("id")}", null, 200)).Text("status").ShouldBe("ready");
        (await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources/{made.Text("id")}/secrets/rotate", new { reason = "leak", delayOldSecretsExpirationHours = 1 }, 202))["sync"]!.GetValue<bool>().ShouldBeFalse();
        (await vercel.HearAsync(call, times: 2)).Json["secrets"]![0]!.Text("value").ShouldNotBe(first);
        (await vercel.HearAsync($"POST /v1/installations/{VercelDouble.Installation}/billing")).Json["billing"]!.AsArray().ShouldBeEmpty();
        var resource = await world.ResourceAsync(made.Text("id"));
        await (await world.OwnerOfAsync(resource)).RotatePasswordAsync(resource.InstanceId.ToString(), new(60));
        await vercel.HearAsync(call, times: 3);
        vercel.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_priced_plan_is_billed_hour_by_hour_invoiced_once_a_month_and_to_the_end()
    {
        const string Billing = $"POST /v1/installations/{VercelDouble.Installation}/billing", Invoices = $"{Billing}/invoices";
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        await InstallAsync(world, vercel.Sign(world.Server.Clock));
        var made = await SendAsync(world, vercel.Sign(world.Server.Clock), HttpMethod.Post, $"{Base}/resources", Resource("pro"), 201);
        var rid = made.Text("id");
        var price = (await world.ReadAsync(db => db.PlanPrices.SingleAsync(p => p.PlanKey == "pro" && p.Currency == "USD" && p.Interval == BillingInterval.Month))).AmountMinor / 100m;

        // Since the middle of the month before last, with what a sampler saw of it last month and today.
        var now = world.Server.Clock.GetUtcNow();
        var thisMonth = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var (lastMonth, begun) = (thisMonth.AddMonths(-1), thisMonth.AddMonths(-2).AddDays(14));
        var resource = await world.ResourceAsync(rid);
        await world.Server.ExecuteAsOwnerAsync($"UPDATE managed_resources SET created_at = '{begun:O}'");
        await world.Server.ExecuteAsOwnerAsync($"UPDATE platform_records SET created_at = '{begun:O}' WHERE kind = 'installation'");
        foreach (var (at, processed) in ((DateTimeOffset, long)[])[(thisMonth.AddMinutes(1), 100), (thisMonth.AddMinutes(2), 350)])
            await world.Server.ExecuteAsOwnerAsync($"""
                INSERT INTO instance_samples (instance_id, organization_id, at, total_enqueued, total_processed, total_failures, queued, scheduled, retries, dead, working, connections, workers, memory_bytes, storage_bytes, queues)
                VALUES ('{resource.InstanceId.Value}', '{resource.OrganizationId.Value}', '{at:O}', 0, {processed}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4500000, $1::jsonb)
                """, "{}");
        await world.Server.ExecuteAsOwnerAsync("UPDATE operations SET run_at = now(), state = 'pending' WHERE kind = 'platform.call' AND data->>'call' = 'billing'");

        var lastInvoice = (await vercel.HearAsync(Invoices, times: 2)).Json;
        var pushed = await vercel.HearAsync(Billing, times: 2);

        var first = vercel.Taken.First(h => h.Call == Invoices).Json;
        first.Text("externalId").ShouldBe($"{VercelDouble.Installation}-{begun:yyyy-MM}");
        var part = Math.Round((decimal)(lastMonth - begun).TotalSeconds / (decimal)(lastMonth - lastMonth.AddMonths(-1)).TotalSeconds, 6, MidpointRounding.AwayFromZero);
        Item(first["items"]!).ShouldBe((rid, price.ToString("0.00"), part, (price * part).ToString("0.00")));
        Item(lastInvoice["items"]!).ShouldBe((rid, price.ToString("0.00"), 1m, price.ToString("0.00")));
        lastInvoice["period"]!.Text("end").ShouldStartWith($"{thisMonth:yyyy-MM-dd}");
        var jobs = pushed.Json["usage"]!.AsArray().Single(u => u!.Text("name") == "Jobs")!;
        (jobs.Text("type"), jobs["periodValue"]!.GetValue<decimal>()).ShouldBe(("interval", 250m));
        var (_, _, soFar, _) = Item(pushed.Json["billing"]!);
        soFar.ShouldBeInRange(0m, 1m);

        // A part of it goes back, once, though Vercel's answer gets lost.
        var (staff, integration) = (world.Reseller.Staff.Client, world.Integration.Id.ToString());
        var refund = new RefundPlatformInvoiceRequest(VercelDouble.Installation, lastInvoice.Text("externalId"), 250, "An hour without the service");
        await staff.RefundPlatformInvoiceAsync(integration, refund with { Invoice = "icfg_1-2020-01" }).ShouldBeRefusedAsync("platform_invoice_not_found");
        await staff.RefundPlatformInvoiceAsync(integration, refund with { Installation = "icfg_2" }).ShouldBeRefusedAsync("platform_invoice_not_found");
        await staff.RefundPlatformInvoiceAsync(integration, refund with { AmountMinor = (long)(price * 100) + 1 }).ShouldBeRefusedAsync("platform_refund_too_large");
        var operation = await staff.RefundPlatformInvoiceAsync(integration, refund);
        await staff.RefundPlatformInvoiceAsync(integration, refund).ShouldBeRefusedAsync("platform_invoice_refunded");
        await Wait.UntilAsync("it is given back", async () => (await staff.GetOperationAsync(operation.Id)).State == "succeeded");
        var given = vercel.Taken.Single(h => h.Call == $"{Invoices}/vi_{refund.Invoice}/actions").Json;
        (given.Text("action"), given.Text("total"), given.Text("reason")).ShouldBe(("refund", "2.50", refund.Reason));

        await SendAsync(world, vercel.Sign(world.Server.Clock), HttpMethod.Delete, Base, new { reason = "done" }, 204);
        await vercel.HearAsync($"{Billing}/finalize");
        (await vercel.HearAsync(Invoices, times: 3)).Json.Text("externalId").ShouldBe($"{VercelDouble.Installation}-{thisMonth:yyyy-MM}");
        vercel.Taken.Count(h => h.Call == Invoices).ShouldBe(3);
        vercel.Refused.ShouldBeEmpty();

        static (string, string, decimal, string) Item(JsonNode items)
        {
            var item = items.AsArray().ShouldHaveSingleItem()!;
            return (item.Text("resourceId"), item.Text("price"), item["quantity"]!.GetValue<decimal>(), item.Text("total"));
        }
    }

    [Fact]
    public async Task New_secrets_are_answered_at_once_where_that_is_possible()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var token = vercel.Sign(world.Server.Clock);
        await InstallAsync(world, token);
        var made = await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201);

        var rotated = await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources/{made.Text("id")}/secrets/rotate", new { }, 200);

        rotated["sync"]!.GetValue<bool>().ShouldBeTrue();
        rotated["secrets"]![0]!.Text("value").ShouldNotBe(made["secrets"]![0]!.Text("value"));
    }

    [Fact]
    public async Task A_resource_moves_to_another_installation_and_its_old_people_do_not()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var (source, target) = (vercel.Sign(world.Server.Clock), vercel.Sign(world.Server.Clock, installation: "icfg_2"));
        const string Target = "vercel/v1/installations/icfg_2";
        await InstallAsync(world, source);
        await SendAsync(world, target, HttpMethod.Put, Target, new { credentials = new { access_token = "another", token_type = "Bearer" } }, 201);
        var rid = (await SendAsync(world, source, HttpMethod.Post, $"{Base}/resources", Resource(), 201)).Text("id");
        using var entered = await SignOnAsync(world, vercel, "user-1", rid);
        entered.ShouldLeadToThePortal();

        await SendAsync(world, source, HttpMethod.Put, $"{Base}/resource-transfer-requests/t-1", new { resourceIds = (string[])["res-other"] }, 400);
        await SendAsync(world, source, HttpMethod.Put, $"{Base}/resource-transfer-requests/t-1", new { resourceIds = (string[])[rid] }, 204);
        await SendAsync(world, source, HttpMethod.Put, $"{Base}/resource-transfer-requests/t-1", new { resourceIds = (string[])[rid] }, 409);
        await SendAsync(world, target, HttpMethod.Post, $"{Target}/resource-transfer-requests/t-1/verify", new { }, 200);
        await SendAsync(world, target, HttpMethod.Get, $"{Target}/resources/{rid}", null, 404);
        await SendAsync(world, target, HttpMethod.Post, $"{Target}/resource-transfer-requests/t-1/accept", new { }, 204);
        await SendAsync(world, target, HttpMethod.Post, $"{Target}/resource-transfer-requests/t-1/accept", new { }, 204);

        await SendAsync(world, target, HttpMethod.Get, $"{Target}/resources/{rid}", null, 200);
        await SendAsync(world, source, HttpMethod.Get, $"{Base}/resources/{rid}", null, 404);
        using var late = await SignOnAsync(world, vercel, "user-1", rid);
        await late.ShouldBeAsync(403);
        (await world.ReadAsync(db => db.Memberships.CountAsync(m => m.Role != Role.Owner))).ShouldBe(0);
    }

    [Fact]
    public async Task A_browser_with_a_code_enters_the_portal_and_one_without_does_not()
    {
        await using var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        await using var world = await StartAsync(postgres, vercel);
        var token = vercel.Sign(world.Server.Clock);
        await InstallAsync(world, token);
        var rid = (await SendAsync(world, token, HttpMethod.Post, $"{Base}/resources", Resource(), 201)).Text("id");

        using var known = await SignOnAsync(world, vercel, "user-1", rid);
        using var withoutResource = await SignOnAsync(world, vercel, "user-1", null);
        using var unknown = await SignOnAsync(world, vercel, "user-1", "res-other");
        using var forged = await world.Browser.GetAsync($"vercel/sso/{DialectWorld.Key}?code=other&resource_id={rid}");
        using var without = await world.Browser.GetAsync($"vercel/sso/{DialectWorld.Key}");

        known.ShouldLeadToThePortal();
        withoutResource.ShouldLeadToThePortal();
        await unknown.ShouldBeAsync(403);
        await forged.ShouldBeAsync(403);
        await without.ShouldBeAsync(403);
    }
}
