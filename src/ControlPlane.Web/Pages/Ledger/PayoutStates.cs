using ControlPlane.Client;
using ControlPlane.Web.Components;
using ControlPlane.Web.Components.Billing;

namespace ControlPlane.Web.Pages.Ledger;

/// <summary>How payouts read on a page.</summary>
static class PayoutStates
{
    public static Look Of(PayoutResource payout) => payout.State switch
    {
        "pending_approval" => new("warn", payout.NeedsSecondPerson ? "Waits for a second person" : "Waits for approval"),
        "approved" or "sending" => new("due", "On its way out"),
        "sent" => new("due", "Sent"),
        "settled" => new("good", "Arrived"),
        "failed" => new("bad", "Failed"),
        "cancelled" => new("idle", "Cancelled"),
        _ => new("idle", Words.Plain(payout.State)),
    };

    public static string Skipped(string reason) => reason switch
    {
        "no_profile" => "wait: the party has no page yet. Add it under Parties.",
        "no_destination" => "wait: nobody has said where its money goes.",
        "frozen" => "wait: its payouts are frozen.",
        "below_minimum" => "wait: that is below the minimum of its contract.",
        _ => $"wait: {Words.Plain(reason)}.",
    };
}
