using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Payouts;

/// <summary>GET /v1/operator/payouts</summary>
static class ListPayouts
{
    static readonly Problem StateInvalid = new("invalid_state", 400, "A payout's state is pending_approval, approved, sending, sent, settled, failed or cancelled.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/payouts", HandleAsync)
        .Describe("Operator", "list_payouts", "List payouts", "Newest first; narrowed with ?state=pending_approval and ?party=reseller:org_….")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<PayoutResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, PartyReading.PartyInvalid, StateInvalid);

    static async Task<Answer<Page<PayoutResource>>> HandleAsync([AsParameters] PageRequest page, string? state, string? party, ControlPlaneDb db, CancellationToken cancel)
    {
        var payouts = db.Payouts.AsNoTracking();
        if (state is not null)
        {
            if (!LowercaseEnum<PayoutState>.TryParse(state, out var wanted))
                return StateInvalid;
            payouts = payouts.Where(p => p.State == wanted);
        }
        if (party is not null)
        {
            if (!Party.TryParse(party, out var of))
                return PartyReading.PartyInvalid;
            payouts = payouts.Where(p => p.PartyKind == of.Kind && p.PartyId == of.Id);
        }
        return (await payouts.ReadPageAsync(p => p.Id, page, cancel)).Select(p => p.ToResource());
    }
}
