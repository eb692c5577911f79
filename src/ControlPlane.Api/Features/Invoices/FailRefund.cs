using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/refunds/{id}/fail</summary>
static class FailRefund
{
    static readonly Problem NotSettled = new("refund_not_settled", 409, "This refund is neither under way nor settled.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/refunds/{id}/fail", HandleAsync)
        .Describe("Operator", "fail_refund", "Say that a refund did not arrive", "The money is back: the amount can be refunded again, and the parties have their shares again.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ReasonRequest("the account is closed"))
        .Answers<RefundResource>(200)
        .Refuses(MoneyChange.RefundNotFound, MoneyChange.NotByHand, NotSettled);

    static async Task<Answer<RefundResource>> HandleAsync(string id, ReasonRequest request, Caller caller, MoneyChange money, ControlPlaneDb db, CancellationToken cancel)
    {
        var (refund, payment, account) = await money.LockRefundAsync(id, cancel);
        if (refund is null || payment is null || account is null)
            return MoneyChange.RefundNotFound;
        if (payment.Provider != BillingProvider.Manual)
            return MoneyChange.NotByHand;
        if (refund.State is not (RefundState.Pending or RefundState.Succeeded))
            return NotSettled;
        await db.FailRefundAsync(refund, payment, money.Billing.GetUtcNow(), money.By(caller), money.Billing, cancel);
        await money.FinishAsync(account, caller, "refund.failed", refund.Id.ToString(), request.Reason, cancel);
        return refund.ToResource(payment);
    }
}
