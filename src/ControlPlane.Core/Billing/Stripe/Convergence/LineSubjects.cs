using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Purchases;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Stripe;
using SubscriptionItem = ControlPlane.Core.Billing.Subscriptions.SubscriptionItem;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <param name="Instance">Null where a line is for several, or for nobody knows which.</param>
/// <param name="About">Their names, as they stand behind a line's text.</param>
readonly record struct LineSubject(InstanceId? Instance, string About);

/// <summary>
/// Which instances the lines of Stripe's invoices are for. Stripe says how many of a price, not whose: a line is named after those that have, or had, the plan when they are as many as it says, and
/// after nobody when they are not. A line that gives back is for whom the line was that it gives back.
/// </summary>
sealed class LineSubjects
{
    /// <summary>More are counted, and not named.</summary>
    const int NamesMax = 10;

    readonly ControlPlaneDb db;
    readonly BillingAccount account;
    readonly IReadOnlyDictionary<InstanceId, string> names;
    readonly List<(PlanTerms Terms, InstanceId Instance, int Quantity)> living, bought;

    LineSubjects(ControlPlaneDb db, BillingAccount account, IReadOnlyDictionary<InstanceId, string> names, List<SubscriptionItem> items, List<PurchaseIntent> purchases)
    {
        (this.db, this.account, this.names) = (db, account, names);
        living = [.. items.Where(i => i.InstanceId is not null).Select(i => (new PlanTerms(i.PlanKey, i.PlanVersion), i.InstanceId!.Value, i.Quantity))];
        bought = [.. purchases.Select(p => (new PlanTerms(p.PlanKey, p.PlanVersion), p.InstanceId, p.Quantity))];
    }

    internal static async Task<LineSubjects> ReadAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        var organization = account.OrganizationId;
        var items = await db.SubscriptionItems.AsNoTracking().Where(i => i.OrganizationId == organization && i.State != SubscriptionItemState.Ended).OrderBy(i => i.Id).ToListAsync(cancel);
        var purchases = await db.PurchaseIntents.AsNoTracking().Where(p => p.OrganizationId == organization && p.State != PurchaseState.Abandoned).OrderBy(p => p.Id).ToListAsync(cancel);
        var ids = items.Select(i => i.InstanceId).OfType<InstanceId>().Concat(purchases.Select(p => p.InstanceId)).Distinct().ToList();
        return new LineSubjects(db, account, await db.Instances.Where(i => ids.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.Name, cancel), items, purchases);
    }

    internal async Task<LineSubject> OfAsync(InvoiceLineItem line, PricedPlan? plan, CancellationToken cancel)
    {
        if (plan is null)
            return default;
        if (plan.IsOverage)
            return await OfUseAsync(line, cancel);
        if (line.Amount < 0 && await OfCreditedAsync(line, plan, cancel) is { } credited)
            return credited;
        var had = living.Where(i => i.Terms == plan.Terms).ToList();
        var ever = had.Concat(bought.Where(b => b.Terms == plan.Terms && had.TrueForAll(h => h.Instance != b.Instance))).DistinctBy(i => i.Instance).ToList();
        return Named(ever, line.Quantity) ?? Named(had, line.Quantity) ?? Named([.. had, .. ever.Where(e => !had.Contains(e)).TakeLast(1)], line.Quantity) ?? default;
    }

    LineSubject? Named(List<(PlanTerms Terms, InstanceId Instance, int Quantity)> those, long? quantity)
    {
        var known = those.Where(t => names.ContainsKey(t.Instance)).ToList();
        return known is not [] && known.Count == those.Count && known.Sum(t => t.Quantity) == quantity ? Of([.. known.Select(t => t.Instance)]) : null;
    }

    LineSubject Of(IReadOnlyCollection<InstanceId> instances)
    {
        var sorted = instances.Select(i => names[i]).Order(StringComparer.Ordinal).ToList();
        var rest = sorted.Count > NamesMax ? $" and {sorted.Count - NamesMax} more" : "";
        return new(instances.Count == 1 ? instances.Single() : null, $" ({string.Join(", ", sorted.Take(NamesMax))}{rest})");
    }

    /// <summary>The names of the line that is given back stand behind its text; no name has a parenthesis.</summary>
    async Task<LineSubject?> OfCreditedAsync(InvoiceLineItem line, PricedPlan plan, CancellationToken cancel)
    {
        if (line.Parent?.SubscriptionItemDetails?.ProrationDetails?.CreditedItems?.Invoice is not { } invoice)
            return null;
        var organization = account.OrganizationId;
        var credited = await (from l in db.InvoiceLines.AsNoTracking()
                              join i in db.Invoices on l.InvoiceId equals i.Id
                              where i.OrganizationId == organization && i.ProviderInvoiceId == invoice && l.PlanKey == plan.PlanKey && l.PlanVersion == plan.Version && l.AmountMinor > 0 && l.Quantity == line.Quantity
                              orderby l.Line
                              select new { l.InstanceId, l.Description }).ToListAsync(cancel);
        return credited is [var one] && one.Description.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and var at && one.Description.EndsWith(')') ? new LineSubject(one.InstanceId, one.Description[at..]) : null;
    }

    /// <summary>Use beyond what is included: of those whose blocks Stripe was told of, when they are as many.</summary>
    async Task<LineSubject> OfUseAsync(InvoiceLineItem line, CancellationToken cancel)
    {
        var (organization, start) = (account.OrganizationId, Moment.Of(line.Period?.Start, "when a line's period begins"));
        var used = await db.UsagePeriods.AsNoTracking().Where(u => u.OrganizationId == organization && u.PeriodStart == start && u.ReportedBlocks > 0).Select(u => new { u.InstanceId, u.ReportedBlocks }).ToListAsync(cancel);
        return used is not [] && used.Sum(u => (long)u.ReportedBlocks) == line.Quantity && used.TrueForAll(u => names.ContainsKey(u.InstanceId)) ? Of([.. used.Select(u => u.InstanceId)]) : default;
    }
}
