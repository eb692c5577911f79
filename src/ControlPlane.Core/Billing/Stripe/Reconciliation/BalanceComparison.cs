using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>All money that Stripe holds, available and on its way, against the ledger's account for it. Not while events wait: what they tell of has moved there and not yet here.</summary>
sealed class BalanceComparison(IStripeClient stripe) : IComparison
{
    public ComparedKind Kind => ComparedKind.Balance;

    public async Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel)
    {
        var notes = new ComparisonNotes();
        if (await db.InboxEvents.AnyAsync(e => e.State == InboxState.Pending, cancel))
            return notes.ToCompared();
        var balance = await new BalanceService(stripe).GetAsync(cancellationToken: cancel);
        var theirs = balance.Available.Concat(balance.Pending).GroupBy(a => a.Currency.ToUpperInvariant()).ToDictionary(g => g.Key, g => g.Sum(a => a.Amount));
        var ours = (await db.ReadBalancesAsync(null, cancel)).Where(b => b.Code == AccountCode.Stripe.ToText()).ToDictionary(b => b.Currency, b => b.Minor);
        foreach (var currency in theirs.Keys.Union(ours.Keys).Union(open).Order(StringComparer.Ordinal))
        {
            var known = Currency.Parse(currency);
            notes.Same(DifferenceClass.Amount, currency, new Money(ours.GetValueOrDefault(currency), known).ToString(), new Money(theirs.GetValueOrDefault(currency), known).ToString());
        }
        return notes.ToCompared();
    }
}
