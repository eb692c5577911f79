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

/// <summary>POST /v1/operator/payouts/{id}/fail</summary>
static class FailPayout
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/payouts/{id}/fail", HandleAsync)
        .Describe("Operator", "fail_payout", "Record that a payout came back", "Of the rail manual: the bank did not make the transfer, or returned it. The party is owed the amount again.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ReasonRequest("the account is closed"))
        .Answers<PayoutResource>(200)
        .Refuses(PartyReading.PayoutNotFound, ApprovePayout.StateWrong);

    static async Task<Answer<PayoutResource>> HandleAsync(
        string id, ReasonRequest request, Caller caller, ControlPlaneDb db, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPayoutAsync(id, cancel) is not { } payout)
            return PartyReading.PayoutNotFound;
        if (payout is not { Rail: PayoutRail.Manual, State: PayoutState.Sending or PayoutState.Settled })
            return ApprovePayout.StateWrong.Saying($"The payout is {payout.State.ToText()} by the rail {payout.Rail.ToText()}; only one that was handed to the bank can come back from it.");
        await db.FailPayoutAsync(payout, request.Reason, AccountCode.Bank, mode.By(caller.OperatorActor.Id), billing, cancel);
        db.Write(null, caller.OperatorActor, "payout.failed", id, request.Reason, clock);
        return payout.ToResource();
    }
}
