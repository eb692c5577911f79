using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>A party's connected account: the operator is told when nothing can be paid out to it, before the day on which it should be.</summary>
sealed class AccountConvergence(IStripeClient stripe, TimeProvider clock) : IStripeObject
{
    public string Type => "account";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        if (await db.Parties.AsNoTracking().FirstOrDefaultAsync(p => p.Rail == PayoutRail.StripeTransfer && p.Destination == id, cancel) is not { } party)
            return ConvergenceResult.Applied;
        if (await WhyClosedAsync(id, cancel) is { } reason)
            await db.RaiseAlertAsync(null, Alerts.Alerts.PartyAccountClosed, AlertSeverity.Warning, id, $"Nothing can be paid out to {party.Name} ({party.Party}) through Stripe: {reason}.", clock, cancel);
        else
            await db.ResolveAlertAsync(Alerts.Alerts.PartyAccountClosed, id, clock, cancel);
        await db.SaveChangesAsync(cancel);
        return ConvergenceResult.Applied;
    }

    async Task<string?> WhyClosedAsync(string id, CancellationToken cancel)
    {
        try
        {
            var account = await new AccountService(stripe).GetAsync(id, cancellationToken: cancel);
            return account.PayoutsEnabled && account.Capabilities?.Transfers == "active" ? null
                : account.Requirements?.DisabledReason is { } why ? $"the account {id} is closed for it ({why})" : $"the account {id} has not finished its onboarding";
        }
        catch (StripeException refused) when (refused.StripeError?.Code is "account_invalid" or "resource_missing")
        {
            return $"the account {id} has withdrawn its permission, or is not there any more";
        }
    }
}
