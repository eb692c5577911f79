using ControlPlane.Client;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Reversals;

namespace ControlPlane.Api.Resources;

static class InboxResources
{
    internal static InboxEventResource ToResource(this InboxEvent e) => new(
        e.Id.ToString(), e.Provider, e.Account, e.EventId, e.Type, e.ApiVersion, e.CreatedAt, e.ReceivedAt, e.Origin.ToText(), e.DeliveryCount, e.ObjectType, e.ObjectId, e.State.ToText(), e.Attempts,
        e.State == InboxState.Pending ? e.NextAttemptAt : null, e.Error, e.FinishedAt);

    internal static DifferenceResource ToResource(this Difference d) => new(
        d.Id.ToString(), d.Kind.ToText(), d.Class.ToText(), d.Subject, d.OrganizationId?.ToString(), d.Ours, d.Theirs, d.FoundAt, d.SeenAt, d.ResolvedAt, d.ClosedBy, d.CloseReason);

    internal static ReconciliationRunResource ToResource(this ReconciliationRun r) => new(r.Id.ToString(), r.Kind.ToText(), r.StartedAt, r.FinishedAt, r.Until, r.Looked, r.Found, r.Error);

    internal static TransferReversalResource ToResource(this TransferReversal r) => new(
        r.Id.ToString(), r.PayoutId.ToString(), r.Party.ToString(), r.Currency, r.AmountMinor, r.State.ToText(), r.Reference, r.FailureReason, r.CreatedBy, r.CreatedAt, r.EndedAt);
}
