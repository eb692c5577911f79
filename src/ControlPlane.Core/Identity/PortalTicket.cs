using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Core.Ids;
using Microsoft.AspNetCore.DataProtection;

namespace ControlPlane.Core.Identity;

/// <summary>
/// How the portal, which signs people in, tells the Api for whom it speaks: sealed by the key ring that both share, good for
/// five minutes, and void as soon as the person's security stamp changes. It goes where a token goes: <c>Authorization: Bearer fcp_…</c>.
/// </summary>
/// <param name="Organization">The organization to act for; the person's first one when null.</param>
public sealed record PortalTicket(Guid User, string SecurityStamp, Guid? Organization, DateTimeOffset ExpiresAt)
{
    public const string Prefix = "fcp_";
    static readonly TimeSpan LivesFor = TimeSpan.FromMinutes(5);

    public static string Seal(IDataProtectionProvider keys, UserId user, string securityStamp, OrganizationId? organization, TimeProvider clock)
    {
        var ticket = new PortalTicket(user.Value, securityStamp, organization?.Value, clock.GetUtcNow() + LivesFor);
        return Prefix + Protector(keys).Protect(JsonSerializer.Serialize(ticket));
    }

    /// <returns>Null when it is not ours, was changed, or is too old.</returns>
    public static PortalTicket? TryRead(IDataProtectionProvider keys, string bearer, TimeProvider clock)
    {
        if (!bearer.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        try
        {
            var ticket = JsonSerializer.Deserialize<PortalTicket>(Protector(keys).Unprotect(bearer[Prefix.Length..]));
            return ticket is not null && ticket.ExpiresAt > clock.GetUtcNow() ? ticket : null;
        }
        catch (CryptographicException)
        {
            return null; // Not sealed by our key ring.
        }
    }

    static IDataProtector Protector(IDataProtectionProvider keys) => keys.CreateProtector("portal-ticket");
}
