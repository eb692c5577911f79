using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/refunds/{id}/reject</summary>
static class RejectRefund
{
    static readonly Problem NotAwaiting = new("refund_not_awaiting_approval", 409, "This refund does not wait for an approval.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/refunds/{id}/reject", HandleAsync)
        .Describe("Operator", "reject_refund", "Reject a refund that waits for approval", "The amount can be refunded again.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new { })
        .Answers<RefundResource>(200)
        .Refuses(MoneyChange.RefundNotFound, NotAwaiting);

    static async Task<Answer<RefundResource>> HandleAsync(string id, Caller caller, MoneyChange money, CancellationToken cancel)
    {
        var (refund, payment, account) = await money.LockRefundAsync(id, cancel);
        if (refund is null || payment is null || account is null)
            return MoneyChange.RefundNotFound;
        if (refund.State != RefundState.AwaitingApproval)
            return NotAwaiting;
        Refunds.Reject(refund, payment, money.Billing);
        await money.FinishAsync(account, caller, "refund.rejected", refund.Id.ToString(), refund.Reason, cancel);
        return refund.ToResource(payment);
    }
}
