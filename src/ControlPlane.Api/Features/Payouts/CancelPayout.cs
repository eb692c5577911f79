using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Payouts;

namespace ControlPlane.Api.Features.Payouts;

/// <summary>POST /v1/operator/payouts/{id}/cancel</summary>
static class CancelPayout
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/payouts/{id}/cancel", HandleAsync)
        .Describe("Operator", "cancel_payout", "Cancel a payout", "Before it is sent. The party is owed the amount again, and the next cut-off pays it.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ReasonRequest("the party has a new account"))
        .Answers<PayoutResource>(200)
        .Refuses(PartyReading.PayoutNotFound, ApprovePayout.StateWrong);

    static async Task<Answer<PayoutResource>> HandleAsync(
        string id, ReasonRequest request, Caller caller, ControlPlaneDb db, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPayoutAsync(id, cancel) is not { } payout)
            return PartyReading.PayoutNotFound;
        if (payout.State is not (PayoutState.PendingApproval or PayoutState.Approved))
            return ApprovePayout.StateWrong.Saying($"The payout is {payout.State.ToText()}, and only one that was not handed over can be cancelled.");
        await db.CancelPayoutAsync(payout, request.Reason, mode.By(caller.OperatorActor.Id), billing, cancel);
        db.Write(null, caller.OperatorActor, "payout.cancelled", id, request.Reason, clock);
        return payout.ToResource();
    }
}
