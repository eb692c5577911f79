using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Brands;

/// <summary>Under whose name an instance's web UI is shown, in the words of docs/admin-port.md.</summary>
/// <param name="Mark">Another one for each brand and each change of it; what <c>Instance.BrandMark</c> is compared with.</param>
/// <param name="Color">#rrggbb</param>
/// <param name="Logo">PNG.</param>
sealed record InstanceBrand(string Mark, string Name, string? Color, byte[]? Logo);

/// <summary>The brand of the reseller that manages an instance at this moment, and the operator's own for everybody else.</summary>
static class InstanceBrands
{
    internal static async Task<InstanceBrand?> ReadBrandAsync(this ControlPlaneDb db, InstanceId instance, InstanceBrand? own, CancellationToken cancel)
    {
        var resellers = db.ManagedResources.Where(r => r.InstanceId == instance && r.EndedAt == null).Select(r => r.ResellerId);
        return await db.WhiteLabels.AsNoTracking().SingleOrDefaultAsync(l => resellers.Contains(l.ResellerId), cancel) is { } label
            ? new InstanceBrand(MarkOf(label.ResellerId, label.Revision), label.Name, label.PrimaryColor, label.Logo)
            : own;
    }

    /// <summary>The marks of all that resellers manage, without their pictures.</summary>
    internal static async Task<Dictionary<InstanceId, string>> ReadBrandMarksAsync(this ControlPlaneDb db, CancellationToken cancel)
    {
        var shown = from resource in db.ManagedResources
                    where resource.EndedAt == null
                    join label in db.WhiteLabels on resource.ResellerId equals label.ResellerId
                    select new { resource.InstanceId, label.ResellerId, label.Revision };
        return await shown.ToDictionaryAsync(s => s.InstanceId, s => MarkOf(s.ResellerId, s.Revision), cancel);
    }

    static string MarkOf(ResellerId reseller, int revision) => $"{reseller}/{revision}";
}
