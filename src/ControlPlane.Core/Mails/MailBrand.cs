using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Mails;

/// <summary>
/// Under whose name a mail goes to a customer: that of the reseller which manages it at this moment, with its sender and its own domain in links, or the service's own.
/// Every mail that is about a customer's organization, or to its people, is made with one.
/// </summary>
/// <param name="Name">As customers read it.</param>
/// <param name="ResellerId">Whose logo and colours it wears; null for the service's own.</param>
/// <param name="Domain">The reseller's, once it was proven; null for the portal's own address.</param>
/// <param name="SenderName">Null for the service's own.</param>
/// <param name="SenderAddress">An address of the reseller's, which may be anybody's until it is below <paramref name="Domain"/>.</param>
public sealed record MailBrand(string Name, ResellerId? ResellerId = null, string? Domain = null, string? SenderName = null, string? SenderAddress = null)
{
    public static MailBrand Own { get; } = new("Faktory Cloud");

    public static MailBrand Of(Reseller reseller, WhiteLabel? label) => new(
        label?.Name ?? reseller.Name,
        reseller.Id,
        label is { Domain: { } domain, DomainVerifiedAt: not null } ? domain : null,
        label?.SenderName ?? label?.Name ?? reseller.Name,
        label?.SenderAddress);

    /// <summary>A page of the portal, under the brand's own domain where it has one.</summary>
    public Uri Link(Uri portal, string path) => new(Domain is null ? portal : new UriBuilder(portal) { Host = Domain }.Uri, path);

    /// <param name="button">What is written on the button that the body's link becomes where HTML is read.</param>
    public Mail Write(string to, string subject, string body, string? button, TimeProvider ids, DateTimeOffset at) => new()
    {
        Id = MailId.New(ids),
        At = at,
        To = to,
        ResellerId = ResellerId,
        SenderName = SenderName,
        // An address that nobody has proven gets the answers and is not the sender: anybody could have been named there.
        From = IsProven ? SenderAddress : null,
        ReplyTo = IsProven ? null : SenderAddress,
        Subject = subject,
        Body = body,
        Button = button,
        NextTryAt = at,
    };

    bool IsProven => Domain is { } domain && SenderAddress is { } address
        && (address.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase) || address.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));
}

public static class MailBrands
{
    /// <summary>In the fleet's scope, or in that of the organization and its reseller.</summary>
    public static async Task<MailBrand> ReadMailBrandAsync(this ControlPlaneDb db, OrganizationId organization, CancellationToken cancel)
    {
        if (await db.ResellerCustomers.AsNoTracking().SingleOrDefaultAsync(c => c.OrganizationId == organization && c.EndedAt == null, cancel) is not { ResellerId: var id })
            return MailBrand.Own;
        var label = await db.WhiteLabels.AsNoTracking().SingleOrDefaultAsync(l => l.ResellerId == id, cancel);
        return MailBrand.Of(await db.Resellers.AsNoTracking().SingleAsync(r => r.Id == id, cancel), label);
    }

    /// <summary>For a mail to a person about their account: a reseller's where it manages every organization that they belong to. In the fleet's scope.</summary>
    public static async Task<MailBrand> ReadMailBrandAsync(this ControlPlaneDb db, UserId user, CancellationToken cancel)
    {
        var organizations = await db.Memberships.Where(m => m.UserId == user).Select(m => m.OrganizationId).ToListAsync(cancel);
        var brands = new HashSet<MailBrand>();
        foreach (var organization in organizations)
            brands.Add(await db.ReadMailBrandAsync(organization, cancel));
        return brands.Count == 1 ? brands.Single() : MailBrand.Own;
    }
}
