using System.Collections.Frozen;
using System.Text.Json;
using ControlPlane.Core.Billing.Inbox;

namespace ControlPlane.Core.Billing.Stripe;

/// <summary>Which events something follows from here, and what each is about. A webhook endpoint at Stripe subscribes to these; what comes besides is kept and ignored.</summary>
public static class StripeEventTypes
{
    /// <summary>In the order of Stripe's manual.</summary>
    public static IReadOnlyList<string> Followed { get; } =
    [
        "account.updated", "account.application.deauthorized", "capability.updated",
        "charge.updated", "charge.refunded", "charge.refund.updated", "charge.dispute.created", "charge.dispute.updated", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated", "charge.dispute.closed",
        "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "checkout.session.expired",
        "credit_note.created", "credit_note.updated", "credit_note.voided",
        "customer.updated", "customer.deleted",
        "customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted", "customer.subscription.paused", "customer.subscription.resumed",
        "customer.subscription.trial_will_end", "customer.subscription.pending_update_applied", "customer.subscription.pending_update_expired",
        "invoice.created", "invoice.finalized", "invoice.finalization_failed", "invoice.paid", "invoice.payment_failed", "invoice.payment_action_required", "invoice.overdue",
        "invoice.marked_uncollectible", "invoice.voided", "invoice.overpaid", "invoice_payment.paid",
        "payout.paid", "payout.failed",
        "refund.created", "refund.updated", "refund.failed",
        "transfer.created", "transfer.reversed", "transfer.updated",
    ];

    static readonly FrozenSet<string> followed = Followed.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Null when nothing here follows from it.</summary>
    /// <param name="account">The connected account that it happened on, or empty. Of those, only the account itself concerns us.</param>
    internal static InboxSubject? SubjectOf(string type, string account, JsonElement data)
    {
        if (!followed.Contains(type))
            return null;
        if (account.Length > 0)
            return type.StartsWith("account.", StringComparison.Ordinal) || type.StartsWith("capability.", StringComparison.Ordinal) ? new("account", account) : null;
        return Text(data, "object") switch
        {
            "customer" when Text(data, "id") is { } customer => new("customer", customer, customer),
            "invoice_payment" when Text(data, "invoice") is { } invoice => new("invoice", invoice),
            "capability" when Text(data, "account") is { } owner => new("account", owner),
            { } kind when Text(data, "id") is { } id => new(kind, id, Text(data, "customer")),
            _ => null,
        };
    }

    /// <summary>Null where it is none, or an object that was expanded.</summary>
    static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
