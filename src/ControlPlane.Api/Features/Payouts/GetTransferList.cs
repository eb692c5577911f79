using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Payouts;

/// <summary>GET /v1/operator/payouts/transfers.csv</summary>
static class GetTransferList
{
    const int CountMax = 10_000;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/payouts/transfers.csv", HandleAsync)
        .Describe("Operator", "get_transfer_list", "Take the list of transfers to the bank", "Approved payouts of the rail manual that nobody has recorded as transferred: each once, with its id as the remittance.")
        .AllowOperator(TokenScopes.PayoutApprove)
        .Produces<string>(200, "text/csv");

    static async Task<IResult> HandleAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var payouts = await db.Payouts.AsNoTracking().Where(p => p.State == PayoutState.Sending && p.Rail == PayoutRail.Manual).OrderBy(p => p.Id).Take(CountMax).ToListAsync(cancel);
        var ids = payouts.Select(p => p.PartyId).Distinct().ToList();
        var names = (await db.Parties.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(cancel)).ToDictionary(p => p.Party, p => p.Name);
        return DocumentAnswer.Csv(TransferList.Write(payouts, names), "transfers");
    }
}
