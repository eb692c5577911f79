using ControlPlane.Client;

namespace ControlPlane.Web.Components.Billing;

/// <summary>A word and the tone it is shown in.</summary>
public readonly record struct Look(string Tone, string Label);

/// <summary>How the states of what is billed look.</summary>
static class MoneyStates
{
    public static Look Of(InvoiceResource invoice) => invoice switch
    {
        { IsOverdue: true } => new("bad", "Overdue"),
        { State: "open" } => new("due", "Open"),
        { State: "paid" } => new("good", "Paid"),
        { State: "void" } => new("idle", "Void"),
        { State: "uncollectible" } => new("idle", "Written off"),
        _ => new("idle", Words.Plain(invoice.State)),
    };

    public static Look Of(RefundResource refund) => refund.State switch
    {
        "awaiting_approval" => new("warn", "Waits for approval"),
        "pending" => new("due", "Waits for the bank"),
        "succeeded" => new("good", "Paid back"),
        "failed" => new("bad", "Did not arrive"),
        "rejected" => new("idle", "Rejected"),
        _ => new("idle", Words.Plain(refund.State)),
    };

    public static Look Of(DunningResource dunning) => dunning.State switch
    {
        "current" => new("good", "Current"),
        "past_due" => new("warn", "Past due"),
        "restricted" => new("warn", "Restricted"),
        "suspended" => new("bad", "Suspended"),
        "deletion_scheduled" => new("bad", "Deletion scheduled"),
        _ => new("idle", Words.Plain(dunning.State)),
    };

    public static Look Of(SubscriptionItemResource item) => item switch
    {
        { CancelsAtPeriodEnd: true } => new("warn", "Ends with the period"),
        { State: "trialing" } => new("due", "Trial"),
        { State: "active" } => new("good", "Active"),
        _ => new("idle", Words.Plain(item.State)),
    };
}
