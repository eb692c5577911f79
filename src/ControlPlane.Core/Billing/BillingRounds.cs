using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Clock;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Billing.Usage;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing;

/// <summary>
/// Everything of billing that is on a clock: usage, the ends of trials, periods and overrides, and dunning. Each account in a transaction of its own, looked at under its lock:
/// two rounds side by side, or one that died, do nothing twice. One account that fails does not keep the others waiting.
/// </summary>
public sealed partial class BillingRounds(
    IServiceScopeFactory scopes, IOptions<DunningDays> days, IOptions<TakeOverOffer> offer, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, ILogger<BillingRounds> logger) : IBillingClockWork
{
    static readonly PostedBy postedBy = new("billing", "manual", LedgerMode.Live);

    // Renewals first: what they make due is looked at in the same round.
    public int Order => 10;

    public Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel) => RunAsync(cancel);

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = billing.GetUtcNow();
        await using (var fleet = scopes.CreateFleetScope())
            await fleet.Db.CountUsageAsync(now, cancel);
        foreach (var organization in await FindAsync(db => RenewalsDue(db, now), cancel))
            await ForAsync(organization, (db, account) => account.Provider == BillingProvider.Manual ? db.RenewAsync(account, postedBy, billing, clock, cancel) : Task.CompletedTask, cancel);
        foreach (var organization in await FindAsync(db => DunningDue(db, now), cancel))
            await ForAsync(organization, (db, account) => new DunningSteps(db, days.Value, billing, clock).AdvanceAsync(account, postedBy, cancel), cancel);
        // After dunning, which says how a reseller's own account stands.
        foreach (var organization in await FindAsync(ResellersDue, cancel))
            await ForAsync(organization, async (db, account) => await db.FollowAsync(await db.Resellers.SingleAsync(r => r.OrganizationId == organization, cancel), account, offer.Value, billing, clock, cancel), cancel);
        foreach (var organization in await FindAsync(db => db.EntitlementOverrides.Where(o => o.ExpiresAt <= now && o.RevokedAt == null).Select(o => o.OrganizationId), cancel))
            await EndOverridesAsync(organization, now, cancel);
    }

    static IQueryable<OrganizationId> RenewalsDue(ControlPlaneDb db, DateTimeOffset now)
    {
        var trials = db.SubscriptionItems.Where(i => i.State == SubscriptionItemState.Trialing && i.TrialEndsAt <= now).Select(i => i.OrganizationId);
        // As BillingAccount.PeriodEnd has it, so that only accounts whose period is over are locked and looked at.
        var periods = db.BillingAccounts.FromSql($"""
            SELECT * FROM billing_accounts WHERE anchor_at IS NOT NULL
                AND (anchor_at AT TIME ZONE 'UTC' + make_interval(months => (period_index + 1) * CASE "interval" WHEN 'year' THEN 12 ELSE 1 END)) AT TIME ZONE 'UTC' <= {now}
            """).Select(a => a.OrganizationId);
        return trials.Concat(periods);
    }

    static IQueryable<OrganizationId> DunningDue(ControlPlaneDb db, DateTimeOffset now) =>
        db.BillingAccounts.Where(a => a.Dunning != DunningState.Current && a.Dunning != DunningState.Purged).Select(a => a.OrganizationId)
            .Concat(db.Invoices.Where(i => i.State == InvoiceState.Open && (i.FirstFailedAt ?? i.DueAt) <= now).Select(i => i.OrganizationId));

    static IQueryable<OrganizationId> ResellersDue(ControlPlaneDb db) =>
        from reseller in db.Resellers
        join account in db.BillingAccounts on reseller.OrganizationId equals account.OrganizationId
        where account.Dunning != DunningState.Current || reseller.CustomersWarnedAt != null
        select reseller.OrganizationId;

    async Task<List<OrganizationId>> FindAsync(Func<ControlPlaneDb, IQueryable<OrganizationId>> due, CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        return await due(fleet.Db).Distinct().ToListAsync(cancel);
    }

    async Task ForAsync(OrganizationId organization, Func<ControlPlaneDb, BillingAccount, Task> work, CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        try
        {
            await using var transaction = await fleet.Db.Database.BeginTransactionAsync(cancel);
            if (await fleet.Db.LockBillingAsync(organization, cancel) is not { } account)
                return;
            await work(fleet.Db, account);
            await fleet.Db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception error) when (error is DbUpdateException or Npgsql.NpgsqlException or InvalidOperationException or PriceMissingException)
        {
            LogFailed(logger, error, organization.ToString());
        }
    }

    async Task EndOverridesAsync(OrganizationId organization, DateTimeOffset now, CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync(cancel);
        foreach (var ended in await fleet.Db.EntitlementOverrides.Where(o => o.OrganizationId == organization && o.ExpiresAt <= now && o.RevokedAt == null).ToListAsync(cancel))
            ended.RevokedAt = ended.ExpiresAt;
        await fleet.Db.SaveChangesAsync(cancel);
        await fleet.Db.RefreshOrganizationAsync(organization, clock, cancel);
        await fleet.Db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    [LoggerMessage(LogLevel.Error, "The billing of {Organization} could not be brought up to date; the next round tries again.")]
    static partial void LogFailed(ILogger logger, Exception error, string organization);
}

public static class BillingRoundsSetup
{
    public static IServiceCollection AddBillingRounds(this IServiceCollection services, IConfiguration configuration) => services
        .AddBillingClock()
        .Configure<DunningDays>(configuration.GetSection("Billing:Dunning"))
        .Configure<TakeOverOffer>(configuration.GetSection("Resellers")).PostConfigure<TakeOverOffer>(offer => offer.PortalAddress = configuration.GetValue<Uri>("Api:PortalAddress") ?? offer.PortalAddress)
        .AddSingleton<BillingRounds>().AddSingleton<IBillingClockWork>(provider => provider.GetRequiredService<BillingRounds>());
}
