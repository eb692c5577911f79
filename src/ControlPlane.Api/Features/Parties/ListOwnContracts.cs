using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/parties/{id}/contracts</summary>
static class ListOwnContracts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/parties/{id}/contracts", HandleAsync)
        .Describe("Parties", "list_own_contracts", "List by which contracts you get shares", "In versions that never change; newest first.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<ContractResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, PartyReading.PartyNotFound);

    static async Task<Answer<Page<ContractResource>>> HandleAsync(string id, [AsParameters] PageRequest page, Caller caller, ControlPlaneDb db, CancellationToken cancel) =>
        await db.FindOwnPartyAsync(caller.Organization, id, cancel) is { } party ? await db.ReadContractsAsync(party.Party, page, cancel) : PartyReading.PartyNotFound;
}
