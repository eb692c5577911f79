using System.Globalization;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
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
        var brand = label?.Name ?? reseller.Name;
        var portal = label is { Domain: { } domain, DomainVerifiedAt: not null } ? new UriBuilder(options.Value.PortalAddress) { Host = domain }.Uri : options.Value.PortalAddress;
        db.Mails.Add(new Mail
        {
            Id = MailId.New(clock),
            At = clock.GetUtcNow(),
            To = email,
            From = label.ToSender(),
            Subject = $"{organization.Name} at {brand}",
            Body = string.Create(CultureInfo.InvariantCulture, $"""
                {brand} has set up job queues for {organization.Name}, and names you as their owner. Choose a password, and you can sign in:

                {new Uri(portal, $"join?token={secret}")}

                The link works until {invitation.ExpiresAt.UtcDateTime:d MMMM yyyy}. As the owner you see what {brand} may do, and can take the organization over at any time.
                """),
        });
        return invitation;
    }
}

static class Senders
{
    /// <summary>What a mail under a reseller's name says it is from; null for the service's own.</summary>
    internal static string? ToSender(this WhiteLabel? label) => label is { SenderAddress: { } address } ? $"{label.SenderName ?? label.Name} <{address}>" : null;
}
