using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Dispute = ControlPlane.Core.Billing.Payments.Dispute;
using StripeDispute = Stripe.Dispute;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>
/// A payment that the customer's bank takes back. Cash follows the dispute's balance transactions, none, one or two of them; shares are frozen while it is open, go back when it is lost, and are
/// freed when it is won. An inquiry moves nothing.
/// </summary>
sealed class DisputeConvergence(IStripeClient stripe, PaymentLookup payments, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IStripeObject
{
    public string Type => "dispute";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var service = new DisputeService(stripe);
        var seen = await service.GetAsync(id, cancellationToken: cancel);
        if (await payments.LockAsync(db, seen.ChargeId, cancel) is not var (account, payment))
            return ConvergenceResult.Applied;
        var theirs = await service.GetAsync(id, cancellationToken: cancel);
        var dispute = await EnsureAsync(db, account, payment, theirs, cancel);
        var withdrawn = await MoveAsync(db, dispute, payment, theirs, cancel);
        await DecideAsync(db, dispute, payment, theirs, withdrawn, cancel);
        await db.SaveChangesAsync(cancel);
        return ConvergenceResult.Applied;
    }

    async Task<Dispute> EnsureAsync(ControlPlaneDb db, BillingAccount account, Payment payment, StripeDispute theirs, CancellationToken cancel)
    {
        if (await db.Disputes.SingleOrDefaultAsync(d => d.ProviderReference == theirs.Id, cancel) is { } known)
            return known;
        var dispute = new Dispute
        {
            Id = DisputeId.New(billing),
            OrganizationId = account.OrganizationId,
            PaymentId = payment.Id,
            ProviderReference = theirs.Id,
            State = DisputeState.Inquiry,
            AmountMinor = theirs.Amount,
            Reason = theirs.Reason,
            OpenedAt = Moment.Of(theirs.Created, "when a dispute was opened"),
        };
        db.Disputes.Add(dispute);
        await db.SaveChangesAsync(cancel);
        return dispute;
    }

    /// <returns>What was withdrawn, and its fee; null for an inquiry.</returns>
    async Task<(Money Amount, Money Fee)?> MoveAsync(ControlPlaneDb db, Dispute dispute, Payment payment, StripeDispute theirs, CancellationToken cancel)
    {
        var moved = (theirs.BalanceTransactions ?? []).OrderBy(m => m.Created).ThenBy(m => m.Amount).ToList();
        if (moved.Find(m => m.Amount < 0) is not { } taken)
            return null;
        var currency = Currency.Parse(taken.Currency);
        var (amount, fee) = (new Money(-taken.Amount, currency), new Money(taken.Fee, currency));
        await db.PostAsync(DisputePostings.Withdrawn(SourceOf(dispute, payment, Moment.Of(taken.Created, "when a dispute took money")), amount, fee), By, billing, cancel);
        if (moved.Find(m => m.Amount > 0) is { } back)
        {
            var source = SourceOf(dispute, payment, Moment.Of(back.Created, "when a dispute gave money back"));
            await db.PostAsync(DisputePostings.Reinstated(source, amount, new Money(back.Amount, Currency.Parse(back.Currency)), new Money(-back.Fee, Currency.Parse(back.Currency))), By, billing, cancel);
        }
        return (amount, fee);
    }

    async Task DecideAsync(ControlPlaneDb db, Dispute dispute, Payment payment, StripeDispute theirs, (Money Amount, Money Fee)? withdrawn, CancellationToken cancel)
    {
        var before = dispute.State;
        dispute.State = theirs.Status switch
        {
            "won" or "warning_closed" or "prevented" => DisputeState.Won,
            "lost" => DisputeState.Lost,
            _ => withdrawn is null ? DisputeState.Inquiry : DisputeState.Open,
        };
        if (dispute.State == before)
            return;
        if (dispute.State is DisputeState.Won or DisputeState.Lost)
            dispute.ClosedAt = billing.GetUtcNow();
        if (dispute.State == DisputeState.Lost)
            await LoseAsync(db, dispute, payment, withdrawn ?? throw new InvalidOperationException($"the dispute {theirs.Id} is lost, and nothing was withdrawn"), cancel);
        await db.SaveChangesAsync(cancel);
        if (await db.Disputes.AnyAsync(d => d.PaymentId == payment.Id && d.State == DisputeState.Open, cancel))
            await db.FreezeSharesAsync(payment.Id.ToString(), billing, cancel);
        else
            await db.UnfreezeSharesAsync(payment.Id.ToString(), cancel);
    }

    /// <summary>For good: its part of revenue and shares goes back, as far as a refund has not taken it already. What the bank took beyond that is the operator's loss.</summary>
    async Task LoseAsync(ControlPlaneDb db, Dispute dispute, Payment payment, (Money Amount, Money Fee) withdrawn, CancellationToken cancel)
    {
        var lost = Math.Min(dispute.AmountMinor, payment.RefundableMinor);
        var gone = payment.RefundedMinor + payment.LostMinor;
        var booked = PaymentConvergence.InSettlement(payment, gone + lost) - PaymentConvergence.InSettlement(payment, gone);
        var tax = PaymentConvergence.InSettlement(payment, Refunds.TaxUpTo(payment, gone + lost)) - PaymentConvergence.InSettlement(payment, Refunds.TaxUpTo(payment, gone));
        payment.LostMinor += lost;
        await db.SaveChangesAsync(cancel);
        var source = SourceOf(dispute, payment, dispute.ClosedAt!.Value);
        await db.PostAsync(DisputePostings.Lost(source, withdrawn.Amount, booked, tax), By, billing, cancel);
        await db.ReverseForAsync(payment, source, By, billing, cancel);
        await db.ChargeDisputeFeeAsync(payment.Id.ToString(), source, withdrawn.Fee, By, billing, cancel);
    }

    static JournalSource SourceOf(Dispute dispute, Payment payment, DateTimeOffset at) => new("dispute", dispute.Id.ToString(), at, Correlation: payment.Id.ToString(), Memo: dispute.ProviderReference);

    PostedBy By => mode.By("stripe", BillingProvider.Stripe);
}
