using System.Globalization;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>Every living subscription: whose it is, how many of what is paid for, and until when.</summary>
sealed class SubscriptionComparison(IStripeClient stripe, StripePrices prices) : IComparison
{
    const int PageMax = 100;

    public ComparedKind Kind => ComparedKind.Subscription;

    public async Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel)
    {
        var notes = new ComparisonNotes();
        foreach (var subject in open)
            notes.Look(subject);
        var ours = await db.BillingAccounts.AsNoTracking().Where(a => a.ProviderSubscriptionId != null).ToDictionaryAsync(a => a.ProviderSubscriptionId!, cancel);
        await foreach (var theirs in new SubscriptionService(stripe).ListAutoPagingAsync(new() { Limit = PageMax, Status = "all" }, cancellationToken: cancel))
        {
            if (!SubscriptionConvergence.IsLiving(theirs))
            {
                if (ours.Remove(theirs.Id, out var lingering))
                    notes.Same(DifferenceClass.State, theirs.Id, "living", theirs.Status, lingering.OrganizationId);
                continue;
            }
            if (!ours.Remove(theirs.Id, out var account))
            {
                notes.MissingHere(theirs.Id, $"{theirs.Status}, of {theirs.CustomerId}", new("subscription", theirs.Id, theirs.CustomerId));
                continue;
            }
            var (paid, periodEnd) = await ReadAsync(theirs, cancel);
            var items = await db.SubscriptionItems.AsNoTracking().Where(i => i.OrganizationId == account.OrganizationId && (i.State == SubscriptionItemState.Active || i.State == SubscriptionItemState.Trialing)).ToListAsync(cancel);
            var counted = items.Select(i => (Terms: ItemAssignment.TermsAtStripe(i), i.Quantity)).Where(i => i.Terms is not null).GroupBy(i => i.Terms!.Value).ToDictionary(g => g.Key, g => g.Sum(i => (long)i.Quantity));
            notes.Same(DifferenceClass.Amount, theirs.Id, Say(counted), Say(paid), account.OrganizationId);
            if (theirs.Status != "trialing")
                notes.Same(DifferenceClass.State, theirs.Id, $"until {account.PeriodEnd?.UtcDateTime:s}", $"until {periodEnd:s}", account.OrganizationId);
        }
        foreach (var (id, account) in ours)
            notes.MissingThere(id, "living", account.OrganizationId);
        return notes.ToCompared();
    }

    async Task<(Dictionary<PlanTerms, long> Paid, DateTime? PeriodEnd)> ReadAsync(Subscription subscription, CancellationToken cancel)
    {
        var (paid, periodEnd) = (new Dictionary<PlanTerms, long>(), (DateTime?)null);
        foreach (var item in subscription.Items)
        {
            if (await prices.ResolveAsync(item.Price.Id, cancel) is not { IsOverage: false } priced)
                continue;
            paid[priced.Terms] = paid.GetValueOrDefault(priced.Terms) + item.Quantity;
            periodEnd ??= item.CurrentPeriodEnd;
        }
        return (paid, periodEnd);
    }

    static string Say(Dictionary<PlanTerms, long> counted) => counted.Count == 0
        ? "nothing"
        : string.Join(", ", counted.OrderBy(c => c.Key.PlanKey, StringComparer.Ordinal).ThenBy(c => c.Key.Version).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} × {c.Key.PlanKey} v{c.Key.Version}")));
}
