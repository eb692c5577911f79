using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Billing.Stripe.Transfers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>Connected accounts that parties are paid to: there, and allowed to receive.</summary>
sealed class AccountComparison(IStripeClient stripe) : IComparison
{
    const string Receives = "can receive";

    public ComparedKind Kind => ComparedKind.ConnectedAccount;

    public async Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel)
    {
        var notes = new ComparisonNotes();
        foreach (var subject in open)
            notes.Look(subject);
        foreach (var party in await db.Parties.AsNoTracking().Where(p => p.Rail == PayoutRail.StripeTransfer && p.Destination != "").ToListAsync(cancel))
        {
            try
            {
                var account = await new AccountService(stripe).GetAsync(party.Destination, cancellationToken: cancel);
                var can = account.PayoutsEnabled && account.Capabilities?.Transfers == "active";
                notes.Same(DifferenceClass.State, party.Destination, Receives, can ? Receives : $"cannot: {account.Requirements?.DisabledReason ?? "its onboarding is not finished"}");
            }
            catch (StripeException error) when (error.IsDefinite())
            {
                notes.MissingThere(party.Destination, $"where {party.Party} is paid to");
            }
        }
        return notes.ToCompared();
    }
}
