using ControlPlane.Client;
using ControlPlane.Web.Components;
using ControlPlane.Web.Components.Billing;

namespace ControlPlane.Web.Pages.Money;

/// <summary>How events of a payment provider, and differences with it, read on a page.</summary>
static class WebhookStates
{
    public static Look Of(InboxEventResource webhook) => webhook.State switch
    {
        "pending" when webhook.Attempts > 0 => new("warn", "Is tried again"),
        "pending" => new("due", "Waits"),
        "done" => new("good", "Applied"),
        "ignored" => new("idle", "Needs nothing"),
        "parked" => new("warn", "Parked"),
        "dead" => new("bad", "Not applied"),
        "skipped" => new("idle", "Skipped"),
        _ => new("idle", Words.Plain(webhook.State)),
    };

    public static Look Of(DifferenceResource difference) => difference switch
    {
        { ClosedBy: not null } => new("idle", "Closed by a person"),
        { ResolvedAt: not null } => new("good", "Gone"),
        { Class: "missing_here" } => new("due", "Missing here: is being read"),
        { Class: "missing_there" } => new("bad", "Missing at the provider"),
        { Class: "amount" } => new("bad", "Another amount"),
        { Class: "state" } => new("warn", "Another state"),
        _ => new("idle", Words.Plain(difference.Class)),
    };

    public static Look Of(ReconciliationRunResource run) => run switch
    {
        { Error: not null } => new("bad", "Not whole"),
        { FinishedAt: null } => new("due", "Runs, or died"),
        _ => new("good", "Whole"),
    };
}
