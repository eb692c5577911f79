using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Billing;

/// <summary>GET /v1/billing/usage</summary>
static class GetUsage
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/billing/usage", HandleAsync)
        .Describe("Billing", "get_usage", "See how many jobs your instances did in this period", "Counted about once a minute. What is beyond the included jobs goes on the next invoice where the plan has overage.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<UsageResource>>(200);

    static async Task<Answer<Page<UsageResource>>> HandleAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var account = await db.BillingAccounts.AsNoTracking().SingleOrDefaultAsync(cancel);
        var (currency, interval) = (account?.Currency ?? "USD", account?.Interval ?? BillingInterval.Month);
        var found = await (
            from instance in db.Instances.AsNoTracking()
            where instance.Desired != DesiredState.Deleted
            join entitled in db.InstanceEntitlements.AsNoTracking() on instance.Id equals entitled.InstanceId
            join price in db.PlanPrices.AsNoTracking().Where(p => p.Currency == currency && p.Interval == interval) on new { instance.PlanKey, Version = instance.PlanVersion } equals new { price.PlanKey, price.Version } into prices
            from price in prices.DefaultIfEmpty()
            orderby instance.Name
            select new { instance, entitled, Each = price == null ? null : price.OverageMinor }).ToListAsync(cancel);
        var periods = await db.UsagePeriods.AsNoTracking().GroupBy(u => u.InstanceId).Select(g => g.OrderByDescending(u => u.PeriodStart).First()).ToListAsync(cancel);
        var items =
            from f in found
            let used = periods.SingleOrDefault(p => p.InstanceId == f.instance.Id)
            where used is not null
            let included = long.Parse(f.entitled.ToValues().GetValueOrDefault(EntitlementKeys.JobsIncluded, "0"), CultureInfo.InvariantCulture) * (interval == BillingInterval.Year ? 12 : 1)
            select new UsageResource(
                f.instance.Id.ToString(), f.instance.Name, used.PeriodStart, used.Jobs, included,
                f.Each is { } each ? (Math.Max(0, used.Jobs - included) + Renewal.OverageBlockJobs - 1) / Renewal.OverageBlockJobs * each : null, currency, used.ReadAt);
        return new Page<UsageResource>([.. items], null);
    }
}
