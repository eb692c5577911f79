using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/parties/{id}/payouts</summary>
static class ListOwnPayouts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/parties/{id}/payouts", HandleAsync)
        .Describe("Parties", "list_own_payouts", "List what was paid out to you", "Newest first.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<PayoutResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, PartyReading.PartyNotFound);

    static async Task<Answer<Page<PayoutResource>>> HandleAsync(string id, [AsParameters] PageRequest page, Caller caller, ControlPlaneDb db, CancellationToken cancel) =>
        await db.FindOwnPartyAsync(caller.Organization, id, cancel) is { } party ? await db.ReadPayoutsAsync(party.Party, page, cancel) : PartyReading.PartyNotFound;
}
