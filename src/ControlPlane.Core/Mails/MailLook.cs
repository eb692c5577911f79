using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Mails;

/// <summary>What a mail looks like where HTML is read.</summary>
/// <param name="Name">Stands where there is no logo, and for those who do not see it.</param>
/// <param name="Color">#rrggbb; the service's own when null.</param>
/// <param name="Logo">PNG.</param>
public sealed record MailLook(string Name, string? Color, byte[]? Logo)
{
    public static MailLook Own { get; } = new(MailBrand.Own.Name, null, null);
}

public static class MailLooks
{
    /// <summary>A reseller's, as it is now. In the fleet's scope.</summary>
    /// <param name="own">For mails that are no reseller's.</param>
    public static async Task<MailLook> ReadMailLookAsync(this ControlPlaneDb db, Mail mail, MailLook own, CancellationToken cancel)
    {
        if (mail.ResellerId is not { } reseller)
            return own;
        return await db.WhiteLabels.AsNoTracking().SingleOrDefaultAsync(l => l.ResellerId == reseller, cancel) is { } label
            ? new MailLook(label.Name, label.PrimaryColor, label.Logo)
            : new MailLook(mail.SenderName ?? own.Name, null, null);
    }
}
