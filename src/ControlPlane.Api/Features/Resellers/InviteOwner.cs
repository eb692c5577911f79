using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/customers/{id}/invite</summary>
static class InviteOwner
{
    static readonly Problem NoAddress = new("owner_unknown", 409, "Nobody has said who owns this customer: its platform named no address.");
    static readonly Problem AlreadyJoined = new("owner_joined", 409, "The owner has a login already.");
    static readonly Problem TooSoon = new("invited_recently", 429, "An invitation went out within the last hour. Wait a little.") { RetryAfter = TimeSpan.FromHours(1) };

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/customers/{id}/invite", HandleAsync)
        .Describe("Resellers", "invite_owner", "Invite a customer's owner once more", "To the address that the customer was created with; once an hour.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .AnswersNothing()
        .Refuses(ResellerProblems.CustomerNotFound, NoAddress, AlreadyJoined, TooSoon);

    static async Task<Answer<object>> HandleAsync(string id, ResellerCaller by, ManagedOrganizations customers, OwnerInvitations invitations, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await customers.FindAsync(by, id, cancel) is not { } customer)
            return ResellerProblems.CustomerNotFound;
        if (customer.OwnerEmail is not { } email)
            return NoAddress;
        await db.EnterOrganizationAsync(customer.OrganizationId, cancel);
        if (await db.Memberships.AnyAsync(m => m.Role == Role.Owner, cancel))
            return AlreadyJoined;
        var since = clock.GetUtcNow().AddHours(-1);
        if (await db.Invitations.AnyAsync(i => i.CreatedAt > since, cancel))
            return TooSoon;
        await invitations.SendAsync(by.Reseller, await db.Organizations.SingleAsync(o => o.Id == customer.OrganizationId, cancel), email, cancel);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        return Answer.NoContent<object>();
    }
}
