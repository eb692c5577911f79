using ControlPlane.Core.Alerts;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Billing.Stripe.Purchases;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe;

/// <summary>What Stripe has to be told in time: the catalogue, refunds that were asked for, use beyond what is included, what comes with the next period, and the end of what was deleted for debt.</summary>
sealed partial class StripeRounds(
    AccountTurns turns, StripeCatalogue catalogue, StripeRefunds refunds, StripeUsage usage, StripePeriodEnds ends, StripeDiscounts discounts, StripeEndings endings, InvoiceConvergence invoices,
    [FromKeyedServices(BillingClock.Key)] TimeProvider billing, IServiceScopeFactory scopes, TimeProvider clock, ILogger<StripeRounds> logger) : IBillingRound
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = billing.GetUtcNow();
        await SyncAsync(cancel);
        await EachAsync(StripeRefunds.Due, refunds.SendAsync, cancel);
        await EachAsync(UsageDue, (db, account, stop) => usage.ReportAsync(db, account, now, stop), cancel);
        await EachAsync(db => PeriodsEnding(db, now), async (db, account, stop) =>
        {
            await discounts.SayAsync(db, account, stop);
            await ends.PrepareAsync(db, account, now, stop);
        }, cancel);
        await EachAsync(db => StripePeriodEnds.Late(db, now), ends.CatchUpAsync, cancel);
        await EachAsync(StripeEndings.Due, endings.EndAsync, cancel);
        // Nothing is deleted on the word of rows alone: Stripe is asked once more.
        await EachAsync(db => DeletionsDue(db, now), LookAgainAsync, cancel);
    }

    Task EachAsync(Func<ControlPlaneDb, IQueryable<OrganizationId>> due, Func<ControlPlaneDb, BillingAccount, CancellationToken, Task> work, CancellationToken cancel) =>
        turns.EachAsync(due, (db, account) => work(db, account, cancel), cancel, error => error is StripeException or HttpRequestException or TaskCanceledException { InnerException: TimeoutException });

    async Task SyncAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        try
        {
            await catalogue.SyncAsync(fleet.Db, cancel);
            await fleet.Db.ResolveAlertAsync(Alerts.Alerts.CatalogueDiffers, "stripe", clock, cancel);
        }
        catch (CatalogueDiffersException differs)
        {
            await fleet.Db.RaiseAlertAsync(null, Alerts.Alerts.CatalogueDiffers, AlertSeverity.Critical, "stripe", differs.Message, clock, cancel);
        }
        catch (Exception error) when (error is StripeException or HttpRequestException)
        {
            LogUnreachable(logger, error);
        }
        await fleet.Db.SaveChangesAsync(cancel);
    }

    async Task LookAgainAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        foreach (var invoice in await db.Invoices.AsNoTracking().Where(i => i.OrganizationId == account.OrganizationId && i.State == InvoiceState.Open && i.ProviderInvoiceId != null).Select(i => i.ProviderInvoiceId!).ToListAsync(cancel))
            await invoices.ConvergeAsync(db, invoice, cancel);
    }

    static IQueryable<OrganizationId> DeletionsDue(ControlPlaneDb db, DateTimeOffset now) =>
        db.BillingAccounts.Where(a => a.Provider == BillingProvider.Stripe && a.Dunning == DunningState.DeletionScheduled && a.DeletionAt <= now).Select(a => a.OrganizationId);

    static IQueryable<OrganizationId> PeriodsEnding(ControlPlaneDb db, DateTimeOffset now) => db.BillingAccounts.FromSql($"""
        SELECT * FROM billing_accounts WHERE anchor_at IS NOT NULL AND provider = 'stripe' AND provider_subscription_id IS NOT NULL
            AND (anchor_at AT TIME ZONE 'UTC' + make_interval(months => (period_index + 1) * CASE "interval" WHEN 'year' THEN 12 ELSE 1 END)) AT TIME ZONE 'UTC' BETWEEN {now} AND {now + StripePeriodEnds.Before}
        """).Select(a => a.OrganizationId);

    static IQueryable<OrganizationId> UsageDue(ControlPlaneDb db) => db.BillingAccounts.FromSql($"""
        SELECT a.* FROM billing_accounts a WHERE a.provider = 'stripe' AND a.provider_subscription_id IS NOT NULL AND EXISTS (
            SELECT FROM usage_periods u
            JOIN subscription_items i ON i.instance_id = u.instance_id AND NOT i.is_add_on AND i.state = 'active'
            JOIN plan_prices p ON p.plan_key = i.plan_key AND p.version = i.plan_version AND p.currency = a.currency AND p."interval" = a."interval" AND p.overage_minor IS NOT NULL
            JOIN instance_entitlements e ON e.instance_id = u.instance_id
            WHERE u.organization_id = a.organization_id AND u.read_at > (SELECT max(read_at) FROM usage_periods WHERE organization_id = a.organization_id) - interval '1 day'
                AND u.jobs > (e."values" ->> 'jobs.included')::bigint * CASE a."interval" WHEN 'year' THEN 12 ELSE 1 END + u.reported_blocks::bigint * {Renewal.OverageBlockJobs})
        """).Select(a => a.OrganizationId);

    [LoggerMessage(LogLevel.Warning, "Stripe could not be asked for its catalogue; the next round tries again.")]
    static partial void LogUnreachable(ILogger logger, Exception error);
}
