using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/refunds/{id}/settle</summary>
static class SettleRefund
{
    static readonly Problem NotPending = new("refund_not_pending", 409, "This refund waits for an approval, or is over.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/refunds/{id}/settle", HandleAsync)
        .Describe("Operator", "settle_refund", "Say that a refund has left the bank", "Books it, writes the credit note and takes the shares of it back. Again it changes nothing.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new SettleRefundRequest("SEPA 2026-11-28 4712"))
        .Answers<RefundResource>(200)
        .Refuses(MoneyChange.RefundNotFound, MoneyChange.NotByHand, NotPending);

    static async Task<Answer<RefundResource>> HandleAsync(string id, SettleRefundRequest request, Caller caller, MoneyChange money, CancellationToken cancel)
    {
        var (refund, payment, account) = await money.LockRefundAsync(id, cancel);
        if (refund is null || payment is null || account is null)
            return MoneyChange.RefundNotFound;
        if (payment.Provider != BillingProvider.Manual)
            return MoneyChange.NotByHand;
        if (refund.State is not (RefundState.Pending or RefundState.Succeeded))
            return NotPending;
        await money.SettleByHandAsync(account, refund, payment, refund.ProviderReference ?? request.Reference, request.At?.ToUniversalTime(), caller, cancel);
        await money.FinishAsync(account, caller, "refund.settled", refund.Id.ToString(), request.Reference, cancel);
        return refund.ToResource(payment);
    }
}
