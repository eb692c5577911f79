using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Rules;

/// <summary>Reading how an organization stands. Everything names the organization, so that it works in the operator's scope as well.</summary>
static class BillingReading
{
    internal static readonly Problem InvoiceNotFound = new("invoice_not_found", 404, "There is no invoice with this id.");

    internal static async Task<BillingResource> ReadBillingAsync(this ControlPlaneDb db, BillingAccount account, BillingMode mode, DunningDays days, DateTimeOffset now, CancellationToken cancel)
    {
        var organization = account.OrganizationId;
        var items = await db.ReadItemsAsync(organization, account, cancel);
        // In memory: what is open of an invoice is a computed value, and few are.
        var open = (await db.Invoices.AsNoTracking().Where(i => i.OrganizationId == organization && i.State == InvoiceState.Open).ToListAsync(cancel)).Sum(i => i.OpenMinor);
        var balance = await db.InFleetAsync(() => db.ReadCustomerBalanceAsync(organization, account.Currency, cancel), cancel);
        return new BillingResource(
            account.Provider.ToText(), mode.Mode.ToText(), account.Currency, account.Interval.ToText(), account.Name, account.Email, account.Address, account.Country, account.TaxId, account.TaxRatePpm, account.TermsDays,
            account.PeriodStart, account.PeriodEnd, balance, open, items.Where(i => !i.CancelsAtPeriodEnd).Sum(i => i.AmountMinor), account.ToDunning(days), items, await db.ReadCouponsAsync(organization, now, cancel));
    }

    internal static async Task<List<SubscriptionItemResource>> ReadItemsAsync(this ControlPlaneDb db, OrganizationId organization, BillingAccount account, CancellationToken cancel)
    {
        var found = await (
            from item in db.SubscriptionItems.AsNoTracking()
            where item.OrganizationId == organization && item.State != SubscriptionItemState.Ended
            join plan in db.Plans.AsNoTracking() on item.PlanKey equals plan.Key
            join price in db.PlanPrices.AsNoTracking().Where(p => p.Currency == account.Currency && p.Interval == account.Interval)
                on new { item.PlanKey, Version = item.PlanVersion } equals new { price.PlanKey, price.Version } into prices
            from price in prices.DefaultIfEmpty()
            join instance in db.Instances.AsNoTracking() on item.InstanceId equals instance.Id into instances
            from instance in instances.DefaultIfEmpty()
            orderby item.Id
            select new { item, plan.Name, Amount = price == null ? 0 : price.AmountMinor, Instance = instance == null ? null : instance.Name }).ToListAsync(cancel);
        return [.. found.Select(f => new SubscriptionItemResource(
            f.item.Id.ToString(), f.item.PlanKey, f.item.PlanVersion, f.Name, f.item.InstanceId?.ToString(), f.Instance, f.item.IsAddOn, f.item.Quantity, f.item.State.ToText(), f.Amount * f.item.Quantity, f.item.StartedAt,
            f.item.TrialEndsAt, f.item.CancelsAtPeriodEnd, f.item.CancelsAtPeriodEnd ? SeedPlans.FreeKey : f.item.NextPlanKey))];
    }

    static async Task<List<DiscountResource>> ReadCouponsAsync(this ControlPlaneDb db, OrganizationId organization, DateTimeOffset now, CancellationToken cancel)
    {
        var found = await (
            from redemption in db.CouponRedemptions.AsNoTracking()
            join coupon in db.Coupons.AsNoTracking() on redemption.Code equals coupon.Code
            where redemption.OrganizationId == organization && redemption.UsedAt == null && (redemption.EndsAt == null || redemption.EndsAt > now)
            orderby redemption.RedeemedAt
            select new { redemption, coupon }).ToListAsync(cancel);
        return [.. found.Select(f => new DiscountResource(f.coupon.Code, f.coupon.PercentPpm, f.coupon.AmountMinor, f.coupon.Duration.ToText(), f.redemption.EndsAt))];
    }

    /// <summary>What organizations are called, for lists of the operator.</summary>
    internal static Task<Dictionary<OrganizationId, string>> ReadNamesAsync(this ControlPlaneDb db, List<OrganizationId> organizations, CancellationToken cancel) =>
        db.Organizations.AsNoTracking().Where(o => organizations.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, cancel);

    /// <returns>E-mail addresses by id, of those that are people.</returns>
    internal static async Task<Dictionary<string, string>> ReadPeopleAsync(this ControlPlaneDb db, HashSet<string?> actors, CancellationToken cancel)
    {
        var ids = actors.Select(a => a is not null && UserId.TryParse(a, out var id) ? id.Value : Guid.Empty).ToList();
        return await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.UserId.ToString(), u => u.Email!, cancel);
    }

    internal static async Task<Invoice?> FindInvoiceAsync(this ControlPlaneDb db, string id, CancellationToken cancel) =>
        InvoiceId.TryParse(id, out var invoice) ? await db.Invoices.Include(i => i.Lines).SingleOrDefaultAsync(i => i.Id == invoice, cancel) : null;
}
