using ControlPlane.Client;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using static ControlPlane.Tests.Billing.Inbox.StripeEventJson;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>What the operator sees of the inbox, and decides.</summary>
public sealed class OperatorInboxTests(PostgresFixture postgres)
{
    readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));

    async Task<(ApiServer Server, ControlPlaneClient Operator)> StartAsync(params string[] settings)
    {
        var server = await ApiServer.StartAsync(postgres, clock, [.. Settings, .. settings]);
        await server.ShouldBeTakenAsync(Event("evt_1", "invoice.paid", Invoice("in_1"), clock.GetUtcNow()));
        await server.ShouldBeTakenAsync(Event("evt_2", "invoice.voided", Invoice("in_2"), clock.GetUtcNow()));
        await server.ShouldBeTakenAsync(Event("evt_3", "invoice.paid", Invoice("in_3"), clock.GetUtcNow(), e => e["api_version"] = null));
        return (server, (await server.AddOperatorAsync()).Client);
    }

    [Fact]
    public async Task Events_are_listed_and_narrowed_and_one_is_shown_as_it_came()
    {
        var (server, staff) = await StartAsync();
        await using var _ = server;

        (await staff.ListInboxEventsAsync()).Items.Select(e => e.EventId).ShouldBe(["evt_3", "evt_2", "evt_1"]);
        (await staff.ListInboxEventsAsync(state: "parked")).Items.Single().EventId.ShouldBe("evt_3");
        (await staff.ListInboxEventsAsync(type: "invoice.paid", state: "pending")).Items.Single().EventId.ShouldBe("evt_1");
        (await staff.ListInboxEventsAsync(@object: "in_2")).Items.Single().EventId.ShouldBe("evt_2");
        await staff.ListInboxEventsAsync(state: "odd").ShouldBeRefusedAsync("invalid_state");

        var shown = await staff.GetInboxEventAsync((await staff.ListInboxEventsAsync(@object: "in_2")).Items.Single().Id);
        shown.Payload.ShouldContain("\"id\":\"in_2\"");
        (shown.Webhook.State, shown.Webhook.ObjectType, shown.Webhook.Attempts, shown.Webhook.DeliveryCount).ShouldBe(("pending", "invoice", 0, 1));
        await staff.GetInboxEventAsync("inb_00000000000000000000000000").ShouldBeRefusedAsync("event_not_found");
    }

    [Fact]
    public async Task A_replay_and_a_skip_are_decisions_of_a_person_and_kept_as_such()
    {
        var (server, staff) = await StartAsync();
        await using var _ = server;
        await using (var fleet = server.Fleet())
            await fleet.Db.InboxEvents.Where(e => e.EventId == "evt_1").ExecuteUpdateAsync(set => set.SetProperty(e => e.State, InboxState.Dead).SetProperty(e => e.Attempts, 16));
        var (dead, pending, parked) = (await OneAsync("in_1"), await OneAsync("in_2"), (await staff.ListInboxEventsAsync(state: "parked")).Items.Single());
        clock.Advance(TimeSpan.FromMinutes(5));

        var replayed = await staff.ReplayInboxEventAsync(dead.Id);
        (replayed.State, replayed.Attempts, replayed.NextAttemptAt).ShouldBe(("pending", 0, clock.GetUtcNow()));
        (await staff.SkipInboxEventAsync(pending.Id, new("tried by hand"))).Error.ShouldBe("tried by hand");
        await staff.ReplayInboxEventAsync(parked.Id).ShouldBeRefusedAsync("event_not_readable");
        (await staff.SkipInboxEventAsync(parked.Id, new("sent again"))).State.ShouldBe("skipped");
        await staff.SkipInboxEventAsync(parked.Id, new("again")).ShouldBeRefusedAsync("event_state");

        await using var read = server.Fleet();
        (await read.Db.AuditEntries.Where(e => e.Action.StartsWith("webhook.")).OrderBy(e => e.Id).Select(e => new { e.Action, e.Subject, e.Detail }).ToListAsync()).Select(e => (e.Action, e.Subject, e.Detail)).ShouldBe(
            [("webhook.replayed", dead.Id, "invoice.paid of invoice in_1, was dead"), ("webhook.skipped", pending.Id, "invoice.voided of invoice in_2: tried by hand"), ("webhook.skipped", parked.Id, "invoice.paid of  : sent again")]);

        async Task<InboxEventResource> OneAsync(string about) => (await staff.ListInboxEventsAsync(@object: about)).Items.Single();
    }

    [Fact]
    public async Task A_script_that_has_run_away_is_stopped()
    {
        var (server, staff) = await StartAsync("--RateLimits:DecisionsPerCallerPerMinute=2");
        await using var _ = server;
        var id = (await staff.ListInboxEventsAsync(@object: "in_1")).Items.Single().Id;
        await staff.ReplayInboxEventAsync(id);
        await staff.ReplayInboxEventAsync(id);

        await staff.ReplayInboxEventAsync(id).ShouldBeRefusedAsync("rate_limited");

        (await staff.ListInboxEventsAsync()).Items.Count.ShouldBe(3);
    }
}
