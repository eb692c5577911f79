using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/parties/{id}/revenue</summary>
static class GetOwnRevenue
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/parties/{id}/revenue", HandleAsync)
        .Describe("Parties", "get_own_revenue", "See what twelve months brought you", PartyRevenue.Description)
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<PartyRevenueResponse>(200)
        .Refuses(PartyReading.PartyNotFound);

    static async Task<Answer<PartyRevenueResponse>> HandleAsync(string id, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel) =>
        await db.FindOwnPartyAsync(caller.Organization, id, cancel) is { } party
            ? await db.ReadInFleetAsync(() => db.ReadPartyRevenueAsync(party.Party, billing.GetUtcNow(), cancel))
            : PartyReading.PartyNotFound;
}
