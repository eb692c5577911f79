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

/// <summary>POST /v1/operator/payouts/{id}/approve</summary>
static class ApprovePayout
{
    internal static readonly Problem StateWrong = new("payout_state", 409, "The payout's state does not allow this.");
    static readonly Problem NeedsAnother = new("second_person_needed", 403, "You made this payout, and its amount needs somebody else's approval.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/payouts/{id}/approve", HandleAsync)
        .Describe("Operator", "approve_payout", "Approve a payout", "It is sent within minutes, or when its destination is not new any more. Above a threshold not by who made it.")
        .AllowOperator(TokenScopes.PayoutApprove)
        .Answers<PayoutResource>(200)
        .Refuses(PartyReading.PayoutNotFound, StateWrong, NeedsAnother);

    static async Task<Answer<PayoutResource>> HandleAsync(
        string id, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPayoutAsync(id, cancel) is not { } payout)
            return PartyReading.PayoutNotFound;
        if (payout.State != PayoutState.PendingApproval)
            return StateWrong.Saying($"The payout is {payout.State.ToText()} already.");
        if (payout.NeedsSecondPerson && payout.CreatedBy == caller.OperatorActor.Id)
            return NeedsAnother;
        payout.Approve(caller.OperatorActor.Id, billing.GetUtcNow());
        db.Write(null, caller.OperatorActor, "payout.approved", id, $"{payout.Amount} to {payout.Party}", clock);
        return payout.ToResource();
    }
}
