using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Resellers;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invitations;

/// <summary>POST /v1/invitations/look</summary>
static class LookAtInvitation
{
    internal static readonly Problem LinkInvalid = new("invitation_invalid", 400, "This invitation is not valid, was accepted already, or is older than 14 days. Ask for a new one.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/invitations/look", HandleAsync)
        .Describe("Accounts", "look_at_invitation", "See what an invitation is to", "With the token of the link in the mail.")
        .AllowEverybody()
        .WithMetadata(new SensitiveCall())
        .Example(new InvitationRequest("the token of the link"))
        .Answers<InvitationResource>(200)
        .Refuses(LinkInvalid);

    static Task<Answer<InvitationResource>> HandleAsync(InvitationRequest request, UserManager<User> users, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel) => db.InFleetAsync(async () =>
    {
        if (await db.FindInvitationAsync(request.Token, clock, cancel) is not { } invitation)
            return (Answer<InvitationResource>)LinkInvalid;
        var organization = invitation.OrganizationId;
        var name = await db.Organizations.Where(o => o.Id == organization).Select(o => o.Name).SingleAsync(cancel);
        var label = await (from customer in db.ResellerCustomers join brand in db.WhiteLabels on customer.ResellerId equals brand.ResellerId where customer.OrganizationId == organization && customer.EndedAt == null select brand)
            .AsNoTracking().SingleOrDefaultAsync(cancel);
        return new InvitationResource(name, invitation.Email, invitation.Role.ToText(), await users.FindByEmailAsync(invitation.Email) is not null, label?.ToBrand(), invitation.ExpiresAt);
    }, cancel);

    /// <summary>One that can still be accepted. In the fleet's scope: whoever has the token knows the organization by it alone.</summary>
    internal static Task<Invitation?> FindInvitationAsync(this ControlPlaneDb db, string token, TimeProvider clock, CancellationToken cancel)
    {
        var (hash, now) = (Invitation.Hash(token), clock.GetUtcNow());
        return db.Invitations.SingleOrDefaultAsync(i => i.SecretHash == hash && i.AcceptedAt == null && i.ExpiresAt > now, cancel);
    }
}
