using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;
using Microsoft.EntityFrameworkCore;
using Stripe;
using Payout = ControlPlane.Core.Ledger.Payouts.Payout;
using StripeTransfer = Stripe.Transfer;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>Transfers of the last 35 days against payouts: one for each, of its amount, with as much of it taken back as is known here.</summary>
sealed class TransferComparison(IStripeClient stripe) : IComparison
{
    const int PageMax = 100;
    static readonly TimeSpan window = TimeSpan.FromDays(35);

    public ComparedKind Kind => ComparedKind.Transfer;

    public async Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel)
    {
        var (notes, since) = (new ComparisonNotes(), now - window);
        foreach (var subject in open)
            notes.Look(subject);
        var ours = await db.Payouts.AsNoTracking().Where(p => p.Rail == PayoutRail.StripeTransfer && p.Reference != null && (p.SettledAt >= since || open.Contains(p.Reference))).ToDictionaryAsync(p => p.Reference!, cancel);
        var back = await db.TransferReversals.Where(r => r.State == ReversalState.Settled).GroupBy(r => r.PayoutId).Select(g => new { g.Key, Sum = g.Sum(r => r.AmountMinor) }).ToDictionaryAsync(g => g.Key, g => g.Sum, cancel);
        var seen = new HashSet<string>();
        await foreach (var theirs in new TransferService(stripe).ListAutoPagingAsync(new() { Limit = PageMax, Created = new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime } }, cancellationToken: cancel))
        {
            seen.Add(theirs.Id);
            if (ours.Remove(theirs.Id, out var payout))
                Compare(notes, payout, theirs, back.GetValueOrDefault(payout.Id));
            else
                notes.MissingHere(theirs.Id, $"{theirs.Currency.ToUpperInvariant()} {theirs.Amount} to {theirs.DestinationId}", null);
        }
        foreach (var (reference, payout) in ours)
        {
            // Sent before the window and settled within it, or different the last time.
            if (await FindAsync(reference, cancel) is { } theirs)
                Compare(notes, payout, theirs, back.GetValueOrDefault(payout.Id));
            else
                notes.MissingThere(reference, $"{payout.Amount}, {payout.Id} to {payout.Party}");
        }
        foreach (var unknown in open.Where(o => !seen.Contains(o) && !ours.ContainsKey(o)))
            if (await FindAsync(unknown, cancel) is { } theirs && !PayoutId.TryParse(theirs.TransferGroup, out _))
                notes.MissingHere(theirs.Id, $"{theirs.Currency.ToUpperInvariant()} {theirs.Amount} to {theirs.DestinationId}", null);
        return notes.ToCompared();
    }

    static void Compare(ComparisonNotes notes, Payout payout, StripeTransfer theirs, long reversedMinor)
    {
        notes.Same(DifferenceClass.Amount, theirs.Id, $"{payout.Currency} {payout.AmountMinor}, {reversedMinor} back", $"{theirs.Currency.ToUpperInvariant()} {theirs.Amount}, {theirs.AmountReversed} back");
        notes.Same(DifferenceClass.State, theirs.Id, $"{payout.State.ToText()}, to {payout.Destination}", $"{PayoutState.Settled.ToText()}, to {theirs.DestinationId}");
    }

    async Task<StripeTransfer?> FindAsync(string id, CancellationToken cancel)
    {
        try
        {
            return await new TransferService(stripe).GetAsync(id, cancellationToken: cancel);
        }
        catch (StripeException error) when (error.StripeError?.Code == "resource_missing")
        {
            return null;
        }
    }
}
