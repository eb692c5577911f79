using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Plans;

/// <summary>GET /v1/plans</summary>
static class ListPlans
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/plans", HandleAsync)
        .Describe("Plans", "list_plans", "List plans with prices and limits", "Public. The cheapest first.")
        .AllowEverybody()
        .Answers<Page<PlanResource>>(200);

    static async Task<Answer<Page<PlanResource>>> HandleAsync(ControlPlaneDb db, CancellationToken cancel) =>
        new Page<PlanResource>([.. (await db.Plans.AsNoTracking().OrderBy(p => p.Position).ToListAsync(cancel)).Select(ToResource)], null);

    static PlanResource ToResource(Plan plan) => new(
        plan.Key, plan.Name, plan.Summary, plan.PriceMinor, plan.Currency,
        new EntitlementsResource(plan.InstancesMax, plan.MemoryMb, plan.CpuMillis, plan.ConnectionsMax, plan.StorageMb, plan.BackupsKeptMax, plan.BackupEveryMinutesMin));
}
