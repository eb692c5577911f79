using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Portal;

/// <summary>What the operator sees of a payment provider's events, and where the provider says something else.</summary>
public sealed class InboxPageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task An_event_that_was_not_applied_is_found_read_and_decided_on()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        await AddAsync(portal, "evt_dead", "invoice.paid", """{"id":"evt_dead","note":"<b>Ünlü</b>"}""", InboxState.Dead, "the charge ch_1 has no balance transaction yet");
        await AddAsync(portal, "evt_done", "customer.updated", "{}", InboxState.Done, null);
        using var staff = await MoneyPageTests.SignInOperatorAsync(portal);

        await staff.GoAsync("/operator/money/webhooks");
        staff.Text.ShouldContain("customer.updated");
        await staff.GoAsync("/operator/money/webhooks?state=dead");
        staff.Text.ShouldNotContain("customer.updated");
        staff.Text.ShouldContain("the charge ch_1 has no balance transaction yet");
        await staff.GoAsync(staff.Page.QuerySelector("td a.strong")!.GetAttribute("href")!);
        staff.Page.QuerySelector("section[aria-labelledby=payload] pre")!.TextContent.ShouldContain("\"note\": \"<b>Ünlü</b>\"");
        await staff.SubmitAsync("Skip it");
        staff.Page.QuerySelector("#skip-reason-error")!.TextContent.ShouldContain("Say why");
        await staff.SubmitAsync("Skip it", ("Skip.Reason", "booked by hand"));
        staff.Text.ShouldContain("It stays unapplied, with the reason.");
        staff.Text.ShouldContain("booked by hand");
        await staff.SubmitAsync("Replay");

        staff.Text.ShouldContain("It is being tried again.");
        staff.Text.ShouldContain("Waits");
    }

    [Fact]
    public async Task A_difference_is_shown_from_both_sides_and_closed_with_what_was_done()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        await portal.Api.ExecuteAsOwnerAsync(
            "INSERT INTO differences (id, kind, class, subject, ours, theirs, found_at, seen_at) VALUES ($1, 'invoice', 'amount', 'in_1', 'USD 2900', 'USD 3900', now(), now())", DifferenceId.New(portal.Api.Clock).Value);
        await portal.Api.ExecuteAsOwnerAsync(
            "INSERT INTO reconciliation_runs (id, kind, started_at, until, looked, found, error) VALUES ($1, 'full', now(), now(), 12, 1, 'transfer: Stripe did not answer')", ReconciliationRunId.New(portal.Api.Clock).Value);
        using var staff = await MoneyPageTests.SignInOperatorAsync(portal);

        await staff.GoAsync("/operator/money/reconciliation");
        staff.Text.ShouldContain("USD 2900");
        staff.Text.ShouldContain("USD 3900");
        staff.Text.ShouldContain("transfer: Stripe did not answer");
        await staff.GoAsync(staff.Page.QuerySelector("td.end a.btn")!.GetAttribute("href")!);
        await staff.SubmitAsync("Close it", ("Form.Reason", "credited the customer"));

        staff.Text.ShouldContain("Closed, with what was done.");
        staff.Text.ShouldContain("No difference");
        await staff.GoAsync("/operator/money/reconciliation?state=resolved");
        staff.Text.ShouldContain("credited the customer");
    }

    static Task AddAsync(PortalServer portal, string id, string type, string payload, InboxState state, string? error) => portal.Api.ExecuteAsOwnerAsync(
        """
        INSERT INTO inbox_events (id, provider, account, event_id, type, created_at, payload, origin, received_at, delivery_count, object_type, object_id, lock_key, state, attempts, next_attempt_at, error, finished_at)
        VALUES ($1, 'stripe', '', $2, $3, now(), $4, 'delivered', now(), 1, 'invoice', 'in_1', 'cus_1', $5, 16, now(), nullif($6, ''), now())
        """,
        InboxEventId.New(portal.Api.Clock).Value, id, type, payload, state.ToText(), error ?? "");
}
