using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers.Commands;

/// <param name="Jobs">Done in the period so far.</param>
/// <param name="StorageBytes">When it was last looked at; 0 while it never was.</param>
sealed record ResourceUsage(DateTimeOffset PeriodStart, DateTimeOffset ReadAt, long Jobs, long StorageBytes, int Connections);

/// <summary>What a resource has been used for, the newest period first. In the reseller's scope.</summary>
sealed class ReadResourceUsage(ControlPlaneDb db)
{
    const int PeriodsMax = 24;

    internal async Task<IReadOnlyList<ResourceUsage>> RunAsync(ResellerCaller by, ManagedResource resource, CancellationToken cancel)
    {
        if (resource.ResellerId != by.Reseller.Id)
            throw new InvalidOperationException($"resource {resource.Id} is another reseller's");
        string[] tenant = [ControlPlaneDb.TenantFilter];
        var (instance, organization) = (resource.InstanceId, resource.OrganizationId);
        var sample = await db.InstanceSamples.IgnoreQueryFilters(tenant).AsNoTracking().Where(s => s.InstanceId == instance && s.OrganizationId == organization).OrderByDescending(s => s.At).FirstOrDefaultAsync(cancel);
        var periods = await db.UsagePeriods.IgnoreQueryFilters(tenant).AsNoTracking().Where(u => u.InstanceId == instance && u.OrganizationId == organization)
            .OrderByDescending(u => u.PeriodStart).Take(PeriodsMax).ToListAsync(cancel);
        return [.. periods.Select((p, i) => new ResourceUsage(p.PeriodStart, p.ReadAt, p.Jobs, i == 0 ? sample?.StorageBytes ?? 0 : 0, i == 0 ? sample?.Connections ?? 0 : 0))];
    }
}
