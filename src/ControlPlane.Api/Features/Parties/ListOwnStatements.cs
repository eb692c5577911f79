using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/parties/{id}/statements</summary>
static class ListOwnStatements
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/parties/{id}/statements", HandleAsync)
        .Describe("Parties", "list_own_statements", "List your months that were issued", "The oldest first, by month and currency.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<StatementSummary>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, PartyReading.PartyNotFound);

    static async Task<Answer<Page<StatementSummary>>> HandleAsync(string id, [AsParameters] PageRequest page, Caller caller, ControlPlaneDb db, CancellationToken cancel) =>
        await db.FindOwnPartyAsync(caller.Organization, id, cancel) is { } party ? await db.ReadStatementsAsync(party.Party, page, cancel) : PartyReading.PartyNotFound;
}
