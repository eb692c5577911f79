using ControlPlane.Api.Http;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Rules;

/// <summary>What the operator does with a customer's money: the account's lock first, then the change, then what follows from it for debts, and the audit line.</summary>
sealed class MoneyChange(ControlPlaneDb db, BillingMode mode, IOptions<DunningDays> days, IOptions<RefundOptions> refunds, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock)
{
    internal static readonly Problem PaymentNotFound = new("payment_not_found", 404, "There is no payment with this id.");
    internal static readonly Problem RefundNotFound = new("refund_not_found", 404, "There is no refund with this id.");
    internal static readonly Problem NotByHand = new("collected_by_provider", 409, "Stripe collects this: do it there, and it appears here.");

    internal TimeProvider Billing => billing;
    internal long RefundApprovalAboveMinor => refunds.Value.ApprovalAboveMinor;

    internal async Task<(Invoice? Invoice, BillingAccount? Account)> LockInvoiceAsync(string id, CancellationToken cancel)
    {
        if (!InvoiceId.TryParse(id, out var invoiceId) || await db.Invoices.AsNoTracking().SingleOrDefaultAsync(i => i.Id == invoiceId, cancel) is not { } found)
            return (null, null);
        // Read again under the lock: what was open before somebody else was done is not what is open now.
        var account = await db.LockBillingAsync(found.OrganizationId, cancel);
        return (await db.Invoices.Include(i => i.Lines).SingleAsync(i => i.Id == invoiceId, cancel), account);
    }

    internal async Task<(Payment? Payment, BillingAccount? Account)> LockPaymentAsync(string id, CancellationToken cancel)
    {
        if (!PaymentId.TryParse(id, out var paymentId) || await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == paymentId, cancel) is not { } found)
            return (null, null);
        var account = await db.LockBillingAsync(found.OrganizationId, cancel);
        return (await db.Payments.SingleAsync(p => p.Id == paymentId, cancel), account);
    }

    internal async Task<(Refund? Refund, Payment? Payment, BillingAccount? Account)> LockRefundAsync(string id, CancellationToken cancel)
    {
        if (!RefundId.TryParse(id, out var refundId) || await db.Refunds.AsNoTracking().SingleOrDefaultAsync(r => r.Id == refundId, cancel) is not { } found)
            return (null, null, null);
        var (payment, account) = await LockPaymentAsync(found.PaymentId.ToString(), cancel);
        return (await db.Refunds.SingleAsync(r => r.Id == refundId, cancel), payment, account);
    }

    /// <summary>A payment or a correction may have cleared what was overdue: instances start again in this very transaction.</summary>
    internal async Task FinishAsync(BillingAccount account, Caller caller, string action, string subject, string detail, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        await new DunningSteps(db, days.Value, billing, clock).AdvanceAsync(account, By(caller), cancel);
        db.Write(account.OrganizationId, caller.OperatorActor, action, subject, detail, clock);
    }

    /// <summary>The whole of a refund by bank transfer: out of the bank, in the currency that was paid.</summary>
    internal Task SettleByHandAsync(BillingAccount account, Refund refund, Payment payment, string reference, DateTimeOffset? at, Caller caller, CancellationToken cancel)
    {
        var currency = Currency.Parse(payment.Currency);
        refund.ProviderReference = reference;
        var amount = new Money(refund.AmountMinor, currency);
        return db.SettleRefundAsync(account, refund, payment, AccountCode.Bank, amount, new Money(refund.TaxMinor, currency), amount, at ?? billing.GetUtcNow(), By(caller), billing, cancel);
    }

    internal PostedBy By(Caller caller) => mode.By(caller.OperatorActor.Id);
}

/// <summary>Section <c>Billing:Refunds</c>.</summary>
sealed class RefundOptions
{
    /// <summary>Above this, in minor units, a second person has to approve a refund.</summary>
    public long ApprovalAboveMinor { get; set; } = 100_000;
}
