using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/operator/parties/{id}/transfer-reversals</summary>
static class ListTransferReversals
{
    const int CountMax = 100;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/parties/{id}/transfer-reversals", HandleAsync)
        .Describe("Operator", "list_transfer_reversals", "See what was taken back from a party", "The last 100, newest first.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<TransferReversalsResponse>(200)
        .Refuses(PartyReading.PartyInvalid);

    static async Task<Answer<TransferReversalsResponse>> HandleAsync(string id, ControlPlaneDb db, CancellationToken cancel)
    {
        if (!Party.TryParse(id, out var party))
            return PartyReading.PartyInvalid;
        var found = await db.TransferReversals.AsNoTracking().Where(r => r.PartyKind == party.Kind && r.PartyId == party.Id).OrderByDescending(r => r.Id).Take(CountMax).ToListAsync(cancel);
        return new TransferReversalsResponse([.. found.Select(r => r.ToResource())]);
    }
}
