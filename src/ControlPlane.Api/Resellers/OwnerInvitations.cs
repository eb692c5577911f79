using System.Globalization;
using ControlPlane.Core.Data;
using ControlPlane.Core.Mails;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Resellers;

/// <summary>Mails by which a customer's owner gets a login of its own, under the reseller's name. In the customer's scope.</summary>
sealed class OwnerInvitations(ControlPlaneDb db, IOptions<ApiOptions> options, TimeProvider clock)
{
    internal async Task<Invitation> SendAsync(Reseller reseller, Organization organization, string email, CancellationToken cancel)
    {
        var (invitation, secret) = Invitation.Create(organization.Id, email, Role.Owner, clock);
        db.Invitations.Add(invitation);
        var id = reseller.Id;
        var label = await db.WhiteLabels.AsNoTracking().SingleOrDefaultAsync(l => l.ResellerId == id, cancel);
        var brand = MailBrand.Of(reseller, label);
        db.Mails.Add(Write(brand, organization.Name, invitation, secret, options.Value.PortalAddress, clock));
        return invitation;
    }

    internal static Mail Write(MailBrand brand, string organization, Invitation invitation, string secret, Uri portal, TimeProvider clock) =>
        brand.Write(invitation.Email, $"{organization} at {brand.Name}", string.Create(CultureInfo.InvariantCulture, $"""
            {brand.Name} has set up job queues for {organization}, and names you as their owner. Choose a password, and you can sign in:

            {brand.Link(portal, $"join?token={secret}")}

            The link works until {invitation.ExpiresAt.UtcDateTime:d MMMM yyyy}. As the owner you see what {brand.Name} may do, and can take the organization over at any time.
            """), "Choose a password", clock, clock.GetUtcNow());
}
