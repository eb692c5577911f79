using ControlPlane.Api.Resellers;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Dialects;

/// <summary>What a platform has told of one of its things. Of the caller's integration alone.</summary>
static class PlatformRecords
{
    internal static Task<PlatformRecord?> FindRecordAsync(this ControlPlaneDb db, ResellerCaller by, string kind, string externalId, CancellationToken cancel)
    {
        var (integration, reseller) = (by.Integration.Id, by.Reseller.Id);
        return db.PlatformRecords.SingleOrDefaultAsync(r => r.IntegrationId == integration && r.ResellerId == reseller && r.Kind == kind && r.ExternalId == externalId, cancel);
    }

    internal static IQueryable<PlatformRecord> RecordsOf(this ControlPlaneDb db, ResellerCaller by, string kind)
    {
        var (integration, reseller) = (by.Integration.Id, by.Reseller.Id);
        return db.PlatformRecords.Where(r => r.IntegrationId == integration && r.ResellerId == reseller && r.Kind == kind);
    }

    /// <summary>Writes into the reseller's audit log what its platform has told of a resource; of one that it never had, nothing.</summary>
    internal static async Task NoteAsync(this ControlPlaneDb db, ResellerCaller by, string externalId, string what, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindResourceAsync(by, externalId, cancel) is not { } resource)
            return;
        db.Note(by, resource.Id.ToString(), what, clock);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Of something else than a resource. The caller saves.</summary>
    internal static void Note(this ControlPlaneDb db, ResellerCaller by, string subject, string what, TimeProvider clock) =>
        db.Write(by.Reseller.OrganizationId, by.For(by.Reseller.OrganizationId, by.Reseller.Name, null).Actor, "platform.notified", subject, what, clock);

    /// <summary>The caller saves.</summary>
    internal static PlatformRecord AddRecord<T>(this ControlPlaneDb db, ResellerCaller by, string kind, string externalId, ManagedResource? resource, T data, TimeProvider clock) where T : notnull
    {
        var record = new PlatformRecord
        {
            IntegrationId = by.Integration.Id,
            Kind = kind,
            ExternalId = externalId,
            ResellerId = by.Reseller.Id,
            OrganizationId = by.Reseller.OrganizationId,
            ResourceId = resource?.Id,
            CreatedAt = clock.GetUtcNow(),
        };
        record.Write(data);
        db.PlatformRecords.Add(record);
        return record;
    }
}
