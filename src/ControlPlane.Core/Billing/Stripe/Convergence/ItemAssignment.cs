using ControlPlane.Core.Alerts;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Purchases;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using SubscriptionItem = ControlPlane.Core.Billing.Subscriptions.SubscriptionItem;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>
/// Stripe counts how many of each price are paid for; which instance has which of them stands here. What there is more of at Stripe goes to the instance whose purchase is open; what there is less
/// of is taken where it was announced, and otherwise from the newest.
/// </summary>
sealed class ItemAssignment(StripePrices prices, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock)
{
    static readonly Actor actor = Actor.System("billing");

    internal async Task AssignAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, CancellationToken cancel)
    {
        var living = await LivingAsync(db, account, cancel);
        await FinishPeriodsAsync(db, account, living, cancel);
        var (paid, ids) = await CountAsync(subscription, cancel);
        foreach (var item in living)
            if (TermsAtStripe(item) is { } terms)
                paid[terms] = paid.GetValueOrDefault(terms) - item.Quantity;

        await ApplyPurchasesAsync(db, account, subscription, living, paid, cancel);
        await TakeAwayAsync(db, account, living, paid, cancel);
        await SayUnassignedAsync(db, account, subscription, paid, cancel);
        foreach (var item in living.Where(i => i.IsLiving))
        {
            (item.State, item.TrialEndsAt) = subscription.Status == "trialing" ? (SubscriptionItemState.Trialing, Moment.Of(subscription.TrialEnd, "when a trial ends")) : (SubscriptionItemState.Active, item.TrialEndsAt);
            item.ProviderItemId = ids.GetValueOrDefault(TermsOf(item), item.ProviderItemId ?? "");
            // Asked for at Stripe itself. Taking it back there does not undo what was asked for here.
            item.CancelsAtPeriodEnd |= subscription.CancelAtPeriodEnd;
        }
        await db.SaveChangesAsync(cancel);
    }

    internal async Task EndAllAsync(ControlPlaneDb db, BillingAccount account, DateTimeOffset at, CancellationToken cancel)
    {
        foreach (var item in await LivingAsync(db, account, cancel))
            await EndAsync(db, item, at, cancel);
    }

    static Task<List<SubscriptionItem>> LivingAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) =>
        db.SubscriptionItems.Where(i => i.OrganizationId == account.OrganizationId && i.State != SubscriptionItemState.Ended).OrderBy(i => i.Id).ToListAsync(cancel);

    static PlanTerms TermsOf(SubscriptionItem item) => new(item.PlanKey, item.PlanVersion);

    /// <summary>Where Stripe was told of what comes next, it has that already; here it begins with the period.</summary>
    internal static PlanTerms? TermsAtStripe(SubscriptionItem item) => item switch
    {
        { NextSentFor: null } => TermsOf(item),
        { CancelsAtPeriodEnd: true } => null,
        _ => new PlanTerms(item.NextPlanKey!, item.NextPlanVersion!.Value),
    };

    async Task FinishPeriodsAsync(ControlPlaneDb db, BillingAccount account, List<SubscriptionItem> living, CancellationToken cancel)
    {
        foreach (var item in living.Where(i => i.NextSentFor <= account.PeriodStart).ToList())
        {
            var at = item.NextSentFor!.Value;
            item.NextSentFor = null;
            if (item.CancelsAtPeriodEnd)
                await EndAsync(db, item, at, cancel);
            else
                await Renewal.ToNextAsync(db, item, clock, cancel);
        }
        living.RemoveAll(i => !i.IsLiving);
    }

    async Task<(Dictionary<PlanTerms, long> Counts, Dictionary<PlanTerms, string> Ids)> CountAsync(Subscription subscription, CancellationToken cancel)
    {
        var (counts, ids) = (new Dictionary<PlanTerms, long>(), new Dictionary<PlanTerms, string>());
        foreach (var item in subscription.Items)
        {
            if (await prices.ResolveAsync(item.Price.Id, cancel) is not { IsOverage: false } plan)
                continue;
            counts[plan.Terms] = counts.GetValueOrDefault(plan.Terms) + item.Quantity;
            ids[plan.Terms] = item.Id;
        }
        return (counts, ids);
    }

    async Task ApplyPurchasesAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, List<SubscriptionItem> living, Dictionary<PlanTerms, long> paid, CancellationToken cancel)
    {
        // The newest first: of several for one instance, the last is what was wanted.
        var open = await db.PurchaseIntents.Where(p => p.OrganizationId == account.OrganizationId && p.State == PurchaseState.Open).OrderByDescending(p => p.Id).ToListAsync(cancel);
        foreach (var purchase in open)
        {
            var terms = new PlanTerms(purchase.PlanKey, purchase.PlanVersion);
            if (purchase.State != PurchaseState.Open || paid.GetValueOrDefault(terms) < purchase.Quantity || await db.Instances.SingleOrDefaultAsync(i => i.Id == purchase.InstanceId, cancel) is not { } instance)
                continue;
            paid[terms] -= purchase.Quantity;
            if (purchase.IsAddOn || living.Find(i => i.InstanceId == purchase.InstanceId && !i.IsAddOn) is not { } item)
                living.Add(await StartAsync(db, purchase, subscription, cancel));
            else
            {
                if (TermsAtStripe(item) is { } had)
                    paid[had] = paid.GetValueOrDefault(had) + item.Quantity;
                (item.PlanKey, item.PlanVersion, item.NextSentFor) = (terms.PlanKey, terms.Version, null);
                item.Keep();
            }
            purchase.State = PurchaseState.Applied;
            foreach (var earlier in open.Where(p => p.State == PurchaseState.Open && p.InstanceId == purchase.InstanceId && p.IsAddOn == purchase.IsAddOn && !p.IsAddOn))
                earlier.State = PurchaseState.Abandoned;
            await db.SaveChangesAsync(cancel);
            await HaveAsync(db, instance, purchase, terms, cancel);
        }
    }

    async Task<SubscriptionItem> StartAsync(ControlPlaneDb db, PurchaseIntent purchase, Subscription subscription, CancellationToken cancel)
    {
        var item = new SubscriptionItem
        {
            Id = SubscriptionItemId.New(clock),
            OrganizationId = purchase.OrganizationId,
            InstanceId = purchase.InstanceId,
            PlanKey = purchase.PlanKey,
            PlanVersion = purchase.PlanVersion,
            IsAddOn = purchase.IsAddOn,
            Quantity = purchase.Quantity,
            State = SubscriptionItemState.Active,
            StartedAt = purchase.CreatedAt,
        };
        db.SubscriptionItems.Add(item);
        await db.SaveChangesAsync(cancel);
        return item;
    }

    async Task HaveAsync(ControlPlaneDb db, Instance instance, PurchaseIntent purchase, PlanTerms terms, CancellationToken cancel)
    {
        if (!purchase.IsAddOn)
            (instance.PlanKey, instance.PlanVersion) = (terms.PlanKey, terms.Version);
        await db.RefreshAndApplyAsync(instance, clock, cancel);
        db.Write(purchase.OrganizationId, actor, "purchase.paid", purchase.InstanceId.ToString(), $"{purchase.Quantity} {purchase.PlanKey}, asked for by {purchase.Actor}", clock);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Less is paid for than there is.</summary>
    async Task TakeAwayAsync(ControlPlaneDb db, BillingAccount account, List<SubscriptionItem> living, Dictionary<PlanTerms, long> paid, CancellationToken cancel)
    {
        var leaving = await db.PurchaseIntents.Where(p => p.OrganizationId == account.OrganizationId && p.State == PurchaseState.Open && p.PlanKey == SeedPlans.FreeKey).Select(p => p.InstanceId).ToListAsync(cancel);
        foreach (var terms in paid.Where(p => p.Value < 0).Select(p => p.Key).ToList())
        {
            foreach (var item in living.Where(i => i.IsLiving && TermsAtStripe(i) == terms).OrderByDescending(i => !i.IsAddOn && leaving.Contains(i.InstanceId!.Value)).ThenByDescending(i => i.CancelsAtPeriodEnd).ThenByDescending(i => i.Id).ToList())
            {
                if (paid[terms] >= 0)
                    break;
                paid[terms] += item.Quantity;
                // At Stripe somebody gave it another plan.
                if (!item.IsAddOn && paid.FirstOrDefault(p => p.Value >= item.Quantity) is { Key.PlanKey: not null } other && !await IsAddOnAsync(db, other.Key.PlanKey, cancel))
                {
                    paid[other.Key] -= item.Quantity;
                    (item.NextPlanKey, item.NextPlanVersion, item.NextSentFor) = (other.Key.PlanKey, other.Key.Version, null);
                    await Renewal.ToNextAsync(db, item, clock, cancel);
                }
                else
                    await EndAsync(db, item, billing.GetUtcNow(), cancel);
            }
        }
    }

    static Task<bool> IsAddOnAsync(ControlPlaneDb db, string plan, CancellationToken cancel) => db.Plans.AnyAsync(p => p.Key == plan && p.IsAddOn, cancel);

    async Task EndAsync(ControlPlaneDb db, SubscriptionItem item, DateTimeOffset at, CancellationToken cancel)
    {
        var plan = item.PlanKey;
        await Renewal.ToFreeAsync(db, item, at, clock, cancel);
        db.Write(item.OrganizationId, actor, "subscription_item.ended", item.Id.ToString(), plan, clock);
    }

    async Task SayUnassignedAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, Dictionary<PlanTerms, long> paid, CancellationToken cancel)
    {
        var left = paid.Where(p => p.Value > 0).Select(p => $"{p.Value} {p.Key.PlanKey}").ToList();
        if (left is [])
            await db.ResolveAlertAsync(Alerts.Alerts.BillingUnclear, subscription.Id, clock, cancel);
        else
            await db.RaiseAlertAsync(
                null, Alerts.Alerts.BillingUnclear, AlertSeverity.Warning, subscription.Id, $"{account.OrganizationId} pays for {string.Join(", ", left)} that no instance has. Lower the quantity at Stripe, or ask what it is for.", clock, cancel);
    }
}
