using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/parties</summary>
static class ListOwnParties
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/parties", HandleAsync)
        .Describe("Parties", "list_own_parties", "List whom you get shares as", "Vendors that the operator gave to your organization, and what it is as a reseller.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<OwnPartyResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<OwnPartyResource>>> HandleAsync([AsParameters] PageRequest page, Caller caller, ControlPlaneDb db, CancellationToken cancel) =>
        await db.OwnParties(caller.Organization).OrderBy(p => p.Kind).ThenBy(p => p.Id).ReadByOffsetAsync(page, p => p.ToOwnResource(), cancel);
}
