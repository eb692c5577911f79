using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Payouts;

/// <summary>GET /v1/operator/payouts/{id}</summary>
static class GetPayout
{
    const int CoversMax = 1000;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/payouts/{id}", HandleAsync)
        .Describe("Operator", "get_payout", "Read a payout", "With the journals that it covers: what they sum to and what was carried is what was payable at the cut-off.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<PayoutDetailResource>(200)
        .Refuses(PartyReading.PayoutNotFound);

    static async Task<Answer<PayoutDetailResource>> HandleAsync(string id, ControlPlaneDb db, CancellationToken cancel)
    {
        if (!PayoutId.TryParse(id, out var payoutId) || await db.Payouts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == payoutId, cancel) is not { } payout)
            return PartyReading.PayoutNotFound;
        var covered = db.CoveredJournals.AsNoTracking().Where(c => c.PayoutId == payoutId);
        var listed = await covered.OrderBy(c => c.JournalId).Take(CoversMax).ToListAsync(cancel);
        return new PayoutDetailResource(payout.ToResource(), await covered.CountAsync(cancel), [.. listed.Select(c => new CoveredJournalResource(c.JournalId.ToString(), c.AmountMinor))]);
    }
}
