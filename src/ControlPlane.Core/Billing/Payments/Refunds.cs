using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Payments;

/// <summary>Money that goes back. Each refund has its credit note; the shares go back in proportion, cumulatively, so that any number of parts ends at zero.</summary>
public static class Refunds
{
    /// <summary>Takes the amount off what can still be refunded; nothing is booked before it is settled.</summary>
    /// <param name="approvalAboveMinor">Above this a second person has to approve it.</param>
    public static async Task<Refund> RequestRefundAsync(
        this ControlPlaneDb db, Payment payment, long amountMinor, string reason, string actor, long approvalAboveMinor, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amountMinor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amountMinor, payment.RefundableMinor);
        var refund = new Refund
        {
            Id = RefundId.New(clock),
            OrganizationId = payment.OrganizationId,
            PaymentId = payment.Id,
            AmountMinor = amountMinor,
            TaxMinor = TaxUpTo(payment, payment.RefundedMinor + amountMinor) - TaxUpTo(payment, payment.RefundedMinor),
            State = amountMinor > approvalAboveMinor ? RefundState.AwaitingApproval : RefundState.Pending,
            Reason = reason,
            RequestedBy = actor,
            RequestedAt = clock.GetUtcNow(),
        };
        db.Refunds.Add(refund);
        payment.RefundedMinor += amountMinor;
        await db.SaveChangesAsync(cancel);
        return refund;
    }

    /// <summary>It has left: the journal, the credit note, and the shares of it taken back. Again: nothing.</summary>
    /// <param name="account">Where it left from.</param>
    /// <param name="booked">The part of what the payment settled that goes back, at its rate; <paramref name="cash"/> is what really left, at today's.</param>
    /// <param name="note">Its credit note where the provider wrote one; otherwise one is written.</param>
    public static async Task SettleRefundAsync(
        this ControlPlaneDb db, BillingAccount billing, Refund refund, Payment payment, AccountCode account, Money booked, Money bookedTax, Money cash, DateTimeOffset at, PostedBy by, TimeProvider clock,
        CancellationToken cancel, CreditNote? note = null)
    {
        if (refund.State == RefundState.Succeeded)
            return;
        (refund.State, refund.SettledAt) = (RefundState.Succeeded, at);
        note ??= refund.AmountMinor == 0 ? null : await db.WriteNoteAsync(billing, refund, payment, by, clock, cancel);
        refund.CreditNoteId = note?.Id;
        await db.SaveChangesAsync(cancel);
        var source = new JournalSource("refund", refund.Id.ToString(), at, Correlation: payment.Id.ToString(), Memo: $"{note?.Number} {refund.Reason}".Trim());
        await db.PostAsync(CustomerPostings.Refund(source, account, booked, bookedTax, cash), by, clock, cancel);
        await db.ReverseForAsync(payment, source, by, clock, cancel);
    }

    static async Task<CreditNote> WriteNoteAsync(this ControlPlaneDb db, BillingAccount billing, Refund refund, Payment payment, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var note = new CreditNote
        {
            Id = CreditNoteId.New(clock),
            OrganizationId = billing.OrganizationId,
            Number = await db.NextNumberAsync("CRN", clock.GetUtcNow(), cancel),
            InvoiceId = payment.InvoiceId,
            Currency = payment.Currency,
            TotalMinor = refund.AmountMinor,
            TaxMinor = refund.TaxMinor,
            OffOpenMinor = 0,
            ToBalanceMinor = 0,
            RefundedMinor = refund.AmountMinor,
            Reason = refund.Reason,
            Actor = by.Actor,
            IssuedAt = clock.GetUtcNow(),
        };
        db.CreditNotes.Add(note);
        await db.SaveChangesAsync(cancel);
        return note;
    }

    /// <summary>It did not leave, or came back: the amount can be refunded again, and the parties have their shares again.</summary>
    public static async Task FailRefundAsync(this ControlPlaneDb db, Refund refund, Payment payment, DateTimeOffset at, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        if (refund.State is RefundState.Failed or RefundState.Rejected)
            return;
        var hadLeft = refund.State == RefundState.Succeeded;
        (refund.State, refund.SettledAt) = (RefundState.Failed, at);
        payment.RefundedMinor -= refund.AmountMinor;
        await db.SaveChangesAsync(cancel);
        if (!hadLeft)
            return;
        var posted = await db.Journals.AsNoTracking().SingleAsync(j => j.SourceType == "refund" && j.SourceId == refund.Id.ToString() && j.Kind == JournalKind.Refund && j.Seq == 1, cancel);
        var lines = await (from entry in db.Entries join account in db.LedgerAccounts on entry.AccountId equals account.Id where entry.JournalId == posted.Id select new { entry, account }).ToListAsync(cancel);
        var source = new JournalSource("refund", refund.Id.ToString(), at, Seq: 2, Correlation: payment.Id.ToString(), Memo: "the refund failed");
        var draft = JournalDraft.Of(source, JournalKind.Refund, lines.Select(l => new Line(
            new AccountKey(AccountCodes.Parse(l.account.Code), l.account.PartyId), new Money(-l.entry.Amount, Currency.Parse(l.entry.Currency))))) with
        { Reverses = posted.Id };
        await db.PostAsync(draft, by, clock, cancel);
        await db.ReverseForAsync(payment, source, by, clock, cancel);
    }

    public static void Reject(Refund refund, Payment payment, TimeProvider clock)
    {
        if (refund.State != RefundState.AwaitingApproval)
            throw new InvalidOperationException($"refund {refund.Id} is {refund.State}");
        (refund.State, refund.SettledAt) = (RefundState.Rejected, clock.GetUtcNow());
        payment.RefundedMinor -= refund.AmountMinor;
    }

    /// <summary>Brings what the parties gave back to what has been given back of the payment: settled refunds and lost disputes together.</summary>
    internal static async Task ReverseForAsync(this ControlPlaneDb db, Payment payment, JournalSource source, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var settled = await db.Refunds.Where(r => r.PaymentId == payment.Id && r.State == RefundState.Succeeded).SumAsync(r => r.AmountMinor, cancel);
        var returned = settled + payment.LostMinor;
        await db.ReverseSharesAsync(payment.Id.ToString(), source, returned - TaxUpTo(payment, returned), payment.AppliedMinor - payment.AppliedTaxMinor, by, clock, cancel);
    }

    internal static long TaxUpTo(Payment payment, long minor) => payment.AppliedMinor == 0 ? 0 : Rounding.HalfAway(payment.AppliedTaxMinor, minor, payment.AppliedMinor);
}
