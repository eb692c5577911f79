using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.Extensions.DependencyInjection;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>A transfer to a party: the payout whose id is its group has arrived, also where the process that sent it died before it knew. Other transfers are no payouts of ours.</summary>
sealed class TransferConvergence(IStripeClient stripe, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IStripeObject
{
    public string Type => "transfer";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var transfer = await new TransferService(stripe).GetAsync(id, cancellationToken: cancel);
        if (!PayoutId.TryParse(transfer.TransferGroup, out var group) || await db.LockPayoutAsync(group, cancel) is not { State: PayoutState.Sending or PayoutState.Sent } payout)
            return ConvergenceResult.Applied;
        await db.SettlePayoutAsync(payout, transfer.Id, AccountCode.Stripe, Moment.Of(transfer.Created, "when a transfer was made"), mode.By("stripe", BillingProvider.Stripe), billing, cancel);
        await db.SaveChangesAsync(cancel);
        return ConvergenceResult.Applied;
    }
}
