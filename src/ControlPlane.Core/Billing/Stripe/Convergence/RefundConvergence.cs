using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Refund = ControlPlane.Core.Billing.Payments.Refund;
using StripeRefund = Stripe.Refund;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>Money back to a card: booked with its balance transaction, with its part of the shares; and the other way round when the bank sends it back, be it weeks later.</summary>
sealed class RefundConvergence(IStripeClient stripe, PaymentLookup payments, CreditNoteConvergence notes, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IStripeObject
{
    static readonly RefundGetOptions whole = new() { Expand = ["balance_transaction", "failure_balance_transaction"] };

    public string Type => "refund";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var service = new RefundService(stripe);
        var seen = await service.GetAsync(id, cancellationToken: cancel);
        if (await payments.LockAsync(db, seen.ChargeId, cancel) is not var (account, payment))
            return ConvergenceResult.Applied;
        var theirs = await service.GetAsync(id, whole, cancellationToken: cancel);
        var refund = await FindAsync(db, payment, theirs, cancel);
        // That it left stands in its balance transaction, whatever became of it since.
        if (theirs.BalanceTransaction is not null)
            await SettleAsync(db, account, refund, payment, theirs, cancel);
        if (theirs.Status is "failed" or "canceled")
            await FailAsync(db, refund, payment, theirs, cancel);
        await db.SaveChangesAsync(cancel);
        return ConvergenceResult.Applied;
    }

    /// <summary>Ours that asked for it, or a new row for one that was made at Stripe.</summary>
    async Task<Refund> FindAsync(ControlPlaneDb db, Payment payment, StripeRefund theirs, CancellationToken cancel)
    {
        if (await db.Refunds.SingleOrDefaultAsync(r => r.ProviderReference == theirs.Id, cancel) is { } known)
            return known;
        var ours = RefundId.TryParse(theirs.Metadata?.GetValueOrDefault(CreditNoteConvergence.RefundEntry) ?? await notes.FindRefundOfAsync(db, payment, theirs, cancel), out var id)
            ? await db.Refunds.SingleOrDefaultAsync(r => r.Id == id && r.PaymentId == payment.Id, cancel) : null;
        // No more than what is left: a dispute may have taken the rest.
        ours ??= await db.RequestRefundAsync(payment, Math.Min(theirs.Amount, payment.RefundableMinor), theirs.Reason ?? "refunded at Stripe", "stripe", long.MaxValue, billing, cancel);
        ours.ProviderReference = theirs.Id;
        await db.SaveChangesAsync(cancel);
        return ours;
    }

    async Task SettleAsync(ControlPlaneDb db, BillingAccount account, Refund refund, Payment payment, StripeRefund theirs, CancellationToken cancel)
    {
        if (refund.State is RefundState.Succeeded or RefundState.Failed)
            return;
        var (moved, before) = (theirs.BalanceTransaction, await db.Refunds.Where(r => r.PaymentId == payment.Id && r.State == RefundState.Succeeded).SumAsync(r => r.AmountMinor, cancel));
        // At the rate of the payment, cumulatively: all parts together are what was booked.
        var booked = PaymentConvergence.InSettlement(payment, before + refund.AmountMinor) - PaymentConvergence.InSettlement(payment, before);
        var tax = refund.AmountMinor == 0 ? Money.Zero(booked.Currency) : booked with { Minor = Rounding.HalfAway(booked.Minor, refund.TaxMinor, refund.AmountMinor) };
        var note = await notes.EnsureForAsync(db, account, payment, theirs, cancel);
        await db.SettleRefundAsync(
            account, refund, payment, AccountCode.Stripe, booked, tax, new Money(-moved.Net, Currency.Parse(moved.Currency)), Moment.Of(moved.Created, "when a refund left"), By, billing, cancel, note);
    }

    async Task FailAsync(ControlPlaneDb db, Refund refund, Payment payment, StripeRefund theirs, CancellationToken cancel)
    {
        if (refund.State == RefundState.Succeeded && theirs.FailureBalanceTransaction is null)
            throw new InvalidOperationException($"the refund {theirs.Id} has failed, and its money is not back yet");
        var at = theirs.FailureBalanceTransaction is { } back ? Moment.Of(back.Created, "when a refund came back") : billing.GetUtcNow();
        await db.FailRefundAsync(refund, payment, at, By, billing, cancel);
    }

    PostedBy By => mode.By("stripe", BillingProvider.Stripe);
}
