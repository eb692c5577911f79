using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Accounts;

/// <summary>Where an organization's money is changed one at a time.</summary>
public static class AccountLock
{
    /// <summary>Holds the row until the transaction ends. Null when the organization has never been billed.</summary>
    public static async Task<BillingAccount?> LockBillingAsync(this ControlPlaneDb db, OrganizationId organization, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"SELECT FROM billing_accounts WHERE organization_id = {organization.Value} FOR UPDATE", cancel);
        var account = await db.BillingAccounts.SingleOrDefaultAsync(a => a.OrganizationId == organization, cancel);
        if (account is not null)
            await db.Entry(account).ReloadAsync(cancel);
        return account;
    }

    /// <summary>The same, opening the account at first.</summary>
    public static async Task<BillingAccount> LockOrOpenBillingAsync(this ControlPlaneDb db, OrganizationId organization, BillingDefaults defaults, string email, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockBillingAsync(organization, cancel) is { } account)
            return account;
        var name = await db.Organizations.Where(o => o.Id == organization).Select(o => o.Name).SingleAsync(cancel);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO billing_accounts (organization_id, provider, currency, "interval", name, email, address, country, tax_id, tax_rate_ppm, terms_days, period_index, dunning, is_on_hold, created_at)
            VALUES ({organization.Value}, {defaults.Provider.ToText()}, {defaults.Currency}, 'month', {name}, {email}, '', '', '', {defaults.TaxRatePpm}, {defaults.TermsDays}, 0, 'current', false, {clock.GetUtcNow()})
            ON CONFLICT (organization_id) DO NOTHING
            """,
            cancel);
        return (await db.LockBillingAsync(organization, cancel))!;
    }
}

/// <summary>What a new account begins with; section <c>Billing</c> of the configuration.</summary>
public sealed class BillingDefaults
{
    public BillingProvider Provider { get; set; } = BillingProvider.Manual;
    public string Currency { get; set; } = "USD";

    /// <summary>Parts per million; the operator sets each customer's own.</summary>
    public int TaxRatePpm { get; set; }
    public int TermsDays { get; set; } = BillingAccount.TermsDaysDefault;
}
