using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;

namespace ControlPlane.Api.Features.Payouts;

/// <summary>POST /v1/operator/payouts/{id}/settle</summary>
static class SettlePayout
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/payouts/{id}/settle", HandleAsync)
        .Describe("Operator", "settle_payout", "Record that the bank has transferred a payout", "Of the rail manual, and on the list of transfers. Other rails say it themselves.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new SettlePayoutRequest("SEPA 2026-12-15 0815"))
        .Answers<PayoutResource>(200)
        .Refuses(PartyReading.PayoutNotFound, ApprovePayout.StateWrong);

    static async Task<Answer<PayoutResource>> HandleAsync(
        string id, SettlePayoutRequest request, Caller caller, ControlPlaneDb db, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPayoutAsync(id, cancel) is not { } payout)
            return PartyReading.PayoutNotFound;
        if (payout is { State: PayoutState.Settled } && payout.Reference == request.Reference)
            return payout.ToResource();
        if (payout is not { Rail: PayoutRail.Manual, State: PayoutState.Sending })
            return ApprovePayout.StateWrong.Saying($"The payout is {payout.State.ToText()} by the rail {payout.Rail.ToText()}; only one that is on the list of transfers can be recorded by hand.");
        await db.SettlePayoutAsync(payout, request.Reference, AccountCode.Bank, request.ArrivedAt?.ToUniversalTime() ?? billing.GetUtcNow(), mode.By(caller.OperatorActor.Id), billing, cancel);
        db.Write(null, caller.OperatorActor, "payout.settled", id, $"{payout.Amount} to {payout.Party}, {request.Reference}", clock);
        return payout.ToResource();
    }
}
