using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/parties/{id}</summary>
static class GetOwnParty
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/parties/{id}", HandleAsync)
        .Describe("Parties", "get_own_party", "See what is known of you", "With where your money goes, and whether anything holds it up.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<OwnPartyResource>(200)
        .Refuses(PartyReading.PartyNotFound);

    static async Task<Answer<OwnPartyResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, CancellationToken cancel) =>
        await db.FindOwnPartyAsync(caller.Organization, id, cancel) is { } party ? party.ToOwnResource() : PartyReading.PartyNotFound;
}
