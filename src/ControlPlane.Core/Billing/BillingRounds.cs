using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Clock;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Billing.Usage;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing;

/// <summary>
/// Everything of billing that is on a clock: usage, the ends of trials, periods and overrides, what providers have to be told, and dunning.
/// </summary>
public sealed class BillingRounds : IBillingClockWork
{
    const string actor = "billing";

    readonly IServiceScopeFactory scopes;
    readonly AccountTurns turns;
    readonly IReadOnlyList<IBillingRound> providers;
    readonly BillingMode mode;
    readonly DunningDays days;
    readonly TakeOverOffer offer;
    readonly TimeProvider billing;
    readonly TimeProvider clock;

    internal BillingRounds(IServiceProvider services)
    {
        scopes = services.GetRequiredService<IServiceScopeFactory>();
        turns = services.GetRequiredService<AccountTurns>();
        providers = [.. services.GetServices<IBillingRound>()];
        mode = services.GetRequiredService<BillingMode>();
        days = services.GetRequiredService<IOptions<DunningDays>>().Value;
        offer = services.GetRequiredService<IOptions<TakeOverOffer>>().Value;
        billing = services.GetRequiredKeyedService<TimeProvider>(BillingClock.Key);
        clock = services.GetRequiredService<TimeProvider>();
    }

    // Renewals first: what they make due is looked at in the same round.
    public int Order => 10;

    public Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel) => RunAsync(cancel);

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = billing.GetUtcNow();
        List<OrganizationId> overriding;
        await using (var fleet = scopes.CreateFleetScope())
            await fleet.Db.CountUsageAsync(now, cancel);
        await turns.EachAsync(db => RenewalsDue(db, now), (db, account) => db.RenewAsync(account, mode.By(actor), billing, clock, cancel), cancel);
        foreach (var provider in providers)
            await provider.RunAsync(cancel);
        await turns.EachAsync(db => DunningDue(db, now), (db, account) => new DunningSteps(db, days, billing, clock).AdvanceAsync(account, mode.By(actor, account.Provider), cancel), cancel);
        // After dunning, which says how a reseller's own account stands.
        await turns.EachAsync(ResellersDue, async (db, account) => await db.FollowAsync(await db.Resellers.SingleAsync(r => r.OrganizationId == account.OrganizationId, cancel), account, offer, billing, clock, cancel), cancel);
        await using (var fleet = scopes.CreateFleetScope())
            overriding = await fleet.Db.EntitlementOverrides.Where(o => o.ExpiresAt <= now && o.RevokedAt == null).Select(o => o.OrganizationId).Distinct().ToListAsync(cancel);
        foreach (var organization in overriding)
            await EndOverridesAsync(organization, now, cancel);
    }

    static IQueryable<OrganizationId> RenewalsDue(ControlPlaneDb db, DateTimeOffset now)
    {
        var manual = db.BillingAccounts.Where(a => a.Provider == BillingProvider.Manual);
        var trials = db.SubscriptionItems.Where(i => i.State == SubscriptionItemState.Trialing && i.TrialEndsAt <= now && manual.Any(a => a.OrganizationId == i.OrganizationId)).Select(i => i.OrganizationId);
        // As BillingAccount.PeriodEnd has it, so that only accounts whose period is over are locked and looked at.
        var periods = db.BillingAccounts.FromSql($"""
            SELECT * FROM billing_accounts WHERE anchor_at IS NOT NULL AND provider = 'manual'
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
}

public static class BillingRoundsSetup
{
    public static IServiceCollection AddBillingRounds(this IServiceCollection services, IConfiguration configuration) => services
        // Before everything else that starts.
        .AddHostedService<BillingModeCheck>()
        .AddBillingClock()
        .Configure<DunningDays>(configuration.GetSection("Billing:Dunning")).PostConfigure<DunningDays>(days => days.PortalAddress = configuration.GetValue<Uri>("Api:PortalAddress") ?? days.PortalAddress)
        .Configure<TakeOverOffer>(configuration.GetSection("Resellers")).PostConfigure<TakeOverOffer>(offer => offer.PortalAddress = configuration.GetValue<Uri>("Api:PortalAddress") ?? offer.PortalAddress)
        .Configure<BillingDefaults>(configuration.GetSection("Billing"))
        .AddStripe(configuration)
        .AddSingleton<BillingMode>().AddSingleton<BillingProviders>().AddSingleton<IBillingProvider, ManualProvider>().AddSingleton<AccountTurns>()
        .AddSingleton(services => new BillingRounds(services)).AddSingleton<IBillingClockWork>(provider => provider.GetRequiredService<BillingRounds>());
}
