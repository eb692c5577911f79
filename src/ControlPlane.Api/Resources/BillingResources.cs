using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;

namespace ControlPlane.Api.Resources;

static class BillingResources
{
    internal static InvoiceResource ToResource(this Invoice invoice, DateTimeOffset now) => new(
        invoice.Id.ToString(), invoice.Number, invoice.OrganizationId.ToString(), invoice.State.ToText(), invoice.Reason.ToText(), invoice.Currency, invoice.SubtotalMinor, invoice.DiscountMinor, invoice.TaxMinor,
        invoice.TotalMinor, invoice.FromBalanceMinor, invoice.PaidMinor, invoice.CreditedMinor, invoice.OpenMinor, invoice.IssuedAt, invoice.DueAt, invoice.SettledAt,
        invoice.State == InvoiceState.Open && invoice.DueAt < now, invoice.Provider.ToText(), invoice.Mode.ToText(), invoice.ResellerId, ToBillTo(invoice),
        [.. invoice.Lines.OrderBy(l => l.Line).Select(ToResource)], invoice.HostedAddress, invoice.PdfAddress);

    internal static PaymentResource ToResource(this Payment payment) => new(
        payment.Id.ToString(), payment.OrganizationId.ToString(), payment.InvoiceId?.ToString(), payment.Provider.ToText(), payment.ProviderReference, payment.AmountMinor, payment.AppliedMinor, payment.FeeMinor,
        payment.Currency, payment.ReceivedAt, payment.RefundedMinor, payment.LostMinor, payment.RefundableMinor);

    internal static CreditNoteResource ToResource(this CreditNote note) => new(
        note.Id.ToString(), note.Number, note.InvoiceId?.ToString(), note.Currency, note.TotalMinor, note.TaxMinor, note.OffOpenMinor, note.ToBalanceMinor, note.RefundedMinor, note.Reason, note.IssuedAt);

    internal static RefundResource ToResource(this Refund refund, Payment payment) => new(
        refund.Id.ToString(), refund.OrganizationId.ToString(), refund.PaymentId.ToString(), refund.CreditNoteId?.ToString(), refund.AmountMinor, refund.TaxMinor, payment.Currency, refund.State.ToText(), refund.Reason,
        refund.RequestedBy, refund.ApprovedBy, refund.RequestedAt, refund.SettledAt, refund.ProviderReference, payment.Provider.ToText());

    internal static PreviewResource ToResource(this PlanChange change, long balanceMinor) => new(
        change.Kind.ToText(), change.At, change.EffectiveAt, change.TrialEndsAt, change.Draft.Currency, change.Draft.SubtotalMinor, change.Draft.DiscountMinor, change.Draft.TaxMinor, change.Draft.TotalMinor,
        Math.Clamp(balanceMinor, 0, Math.Max(0, change.Draft.TotalMinor)), change.RenewalMinor,
        [.. change.Draft.Lines.Select(l => new InvoiceLineResource(
            l.Draft.Description, l.Draft.PlanKey, l.Draft.InstanceId?.ToString(), l.Draft.Quantity, l.Draft.AmountMinor, l.DiscountMinor, l.TaxMinor, l.Draft.PeriodStart, l.Draft.PeriodEnd, l.Draft.IsProration))]);

    internal static DunningResource ToDunning(this BillingAccount account, DunningDays days)
    {
        var next = account.OverdueSince is { } since ? DunningClock.NextAt(account, since, days) : null;
        return new DunningResource(account.Dunning.ToText(), account.OverdueSince, next?.State.ToText(), next?.At, account.IsOnHold);
    }

    static BillToResource ToBillTo(Invoice invoice)
    {
        var to = JsonSerializer.Deserialize<BillTo>(invoice.BillTo)!;
        return new BillToResource(to.Name, to.Email, to.Address, to.Country, to.TaxId, to.TaxRatePpm);
    }

    static InvoiceLineResource ToResource(InvoiceLine line) => new(
        line.Description, line.PlanKey, line.InstanceId?.ToString(), line.Quantity, line.AmountMinor, line.DiscountMinor, line.TaxMinor, line.PeriodStart, line.PeriodEnd, line.IsProration);
}
