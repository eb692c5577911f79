using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/payments/{id}/refunds</summary>
static class RefundPayment
{
    static readonly Problem TooMuch = new("refund_too_large", 409, "No more than what is left of the payment can be paid back.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/payments/{id}/refunds", HandleAsync)
        .Describe("Operator", "refund_payment", "Pay a part of a payment back", "Its credit note is written and the parties give their shares of it back when it is settled. Above a limit somebody else has to approve it. What was paid by card is paid back through Stripe within minutes, with a credit note of Stripe's.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new AmountRequest(2900, "cancelled within the first days", "SEPA 2026-11-28 4712"))
        .Answers<RefundResource>(201)
        .Refuses(MoneyChange.PaymentNotFound, TooMuch);

    static async Task<Answer<RefundResource>> HandleAsync(string id, AmountRequest request, Caller caller, MoneyChange money, ControlPlaneDb db, CancellationToken cancel)
    {
        var (payment, account) = await money.LockPaymentAsync(id, cancel);
        if (payment is null || account is null)
            return MoneyChange.PaymentNotFound;
        if (request.AmountMinor > payment.RefundableMinor)
            return TooMuch.Saying($"{new Money(payment.RefundableMinor, Currency.Parse(payment.Currency))} of this payment can still be paid back.");
        var refund = await db.RequestRefundAsync(payment, request.AmountMinor, request.Reason, caller.OperatorActor.Id, money.RefundApprovalAboveMinor, money.Billing, cancel);
        if (refund.State == RefundState.Pending && payment.Provider == BillingProvider.Manual && request.Reference is { } reference)
            await money.SettleByHandAsync(account, refund, payment, reference, null, caller, cancel);
        await money.FinishAsync(account, caller, "refund.requested", refund.Id.ToString(), $"{new Money(refund.AmountMinor, Currency.Parse(payment.Currency))}: {request.Reason}", cancel);
        return Answer.Created(refund.ToResource(payment));
    }
}
