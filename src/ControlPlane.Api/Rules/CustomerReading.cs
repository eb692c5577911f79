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
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Rules;

/// <summary>Organizations as the operator bills them. In the fleet's scope.</summary>
sealed class CustomerReading(ControlPlaneDb db, IOptions<DunningDays> days, IOptions<BillingDefaults> defaults, [FromKeyedServices(BillingClock.Key)] TimeProvider billing)
{
    internal static readonly Problem NotFound = new("customer_not_found", 404, "There is no organization with this id.");

    internal async Task<BillingAccount?> FindAsync(string id, CancellationToken cancel) =>
        OrganizationId.TryParse(id, out var organization) ? await db.BillingAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.OrganizationId == organization, cancel) : null;

    /// <summary>Opens the account of an organization that was never billed: its first owner's address is where invoices go.</summary>
    internal async Task<BillingAccount?> LockAsync(string id, CancellationToken cancel)
    {
        if (!OrganizationId.TryParse(id, out var organization) || !await db.Organizations.AnyAsync(o => o.Id == organization, cancel))
            return null;
        var owner = (await db.Memberships.Where(m => m.OrganizationId == organization && m.Role == Core.Organizations.Role.Owner).OrderBy(m => m.JoinedAt).FirstOrDefaultAsync(cancel))?.UserId.Value;
        var email = await db.Users.Where(u => u.Id == owner).Select(u => u.Email).FirstOrDefaultAsync(cancel);
        return await db.LockOrOpenBillingAsync(organization, defaults.Value, email ?? "", billing, cancel);
    }

    internal async Task<IReadOnlyList<CustomerResource>> ReadAsync(IReadOnlyList<BillingAccount> accounts, CancellationToken cancel)
    {
        var ids = accounts.Select(a => a.OrganizationId).ToList();
        var now = billing.GetUtcNow();
        var names = await db.Organizations.AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, cancel);
        var resellers = await db.ResellerAttributions.AsNoTracking().Where(a => ids.Contains(a.OrganizationId) && a.ValidFrom <= now && (a.ValidTo == null || a.ValidTo > now)).ToDictionaryAsync(a => a.OrganizationId, a => a.ResellerId, cancel);
        var open = (await db.Invoices.AsNoTracking().Where(i => ids.Contains(i.OrganizationId) && i.State == InvoiceState.Open).ToListAsync(cancel)).ToLookup(i => i.OrganizationId);
        var worth = (await (
            from item in db.SubscriptionItems
            where ids.Contains(item.OrganizationId) && item.State == SubscriptionItemState.Active
            join account in db.BillingAccounts on item.OrganizationId equals account.OrganizationId
            join price in db.PlanPrices on new { item.PlanKey, Version = item.PlanVersion, account.Currency, account.Interval } equals new { price.PlanKey, price.Version, price.Currency, price.Interval }
            select new { item.OrganizationId, Minor = item.Quantity * price.AmountMinor }).ToListAsync(cancel)).ToLookup(w => w.OrganizationId);
        var customers = new List<CustomerResource>();
        foreach (var account in accounts)
            customers.Add(new CustomerResource(
                account.OrganizationId.ToString(), names[account.OrganizationId], account.Email, account.Provider.ToText(), account.Currency, account.Interval.ToText(), account.TaxRatePpm, account.TermsDays,
                resellers.GetValueOrDefault(account.OrganizationId), worth[account.OrganizationId].Sum(w => w.Minor) / (account.Interval == BillingInterval.Year ? 12 : 1),
                open[account.OrganizationId].Sum(i => i.OpenMinor), await db.ReadCustomerBalanceAsync(account.OrganizationId, account.Currency, cancel), account.ToDunning(days.Value), account.HoldReason, account.CreatedAt));
        return customers;
    }
}
