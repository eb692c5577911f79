using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/refunds/{id}/approve</summary>
static class ApproveRefund
{
    static readonly Problem NotAwaiting = new("refund_not_awaiting_approval", 409, "This refund does not wait for an approval.");
    static readonly Problem OwnRefund = new("own_refund", 403, "Somebody else has to approve what you asked for.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/refunds/{id}/approve", HandleAsync)
        .Describe("Operator", "approve_refund", "Approve somebody else's refund", "Whoever asked for it cannot. It is settled when it has left the bank, or Stripe.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new { })
        .Answers<RefundResource>(200)
        .Refuses(MoneyChange.RefundNotFound, NotAwaiting, OwnRefund);

    static async Task<Answer<RefundResource>> HandleAsync(string id, Caller caller, MoneyChange money, CancellationToken cancel)
    {
        var (refund, payment, account) = await money.LockRefundAsync(id, cancel);
        if (refund is null || payment is null || account is null)
            return MoneyChange.RefundNotFound;
        if (refund.State != RefundState.AwaitingApproval)
            return NotAwaiting;
        if (refund.RequestedBy == caller.OperatorActor.Id)
            return OwnRefund;
        (refund.State, refund.ApprovedBy) = (RefundState.Pending, caller.OperatorActor.Id);
        await money.FinishAsync(account, caller, "refund.approved", refund.Id.ToString(), refund.Reason, cancel);
        return refund.ToResource(payment);
    }
}
