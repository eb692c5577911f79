using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/invoices/{id}/receipts</summary>
static class RecordReceipt
{
    static readonly Problem NothingOpen = new("invoice_settled", 409, "Nothing is open of this invoice.");
    static readonly Problem FeeTooLarge = new("invalid_fee", 400, "The fee is larger than the amount.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/invoices/{id}/receipts", HandleAsync)
        .Describe("Operator", "record_receipt", "Record money that came for an invoice", "Wholly or in part; what exceeds the invoice goes to the customer's balance. The same bank reference records nothing twice. What was stopped for the debt starts again.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new RecordReceiptRequest(2900, "SEPA 2026-11-27 4711"))
        .Answers<PaymentResource>(201, 200)
        .Refuses(BillingReading.InvoiceNotFound, MoneyChange.NotByHand, NothingOpen, FeeTooLarge);

    static async Task<Answer<PaymentResource>> HandleAsync(string id, RecordReceiptRequest request, Caller caller, MoneyChange money, ControlPlaneDb db, CancellationToken cancel)
    {
        if (request.FeeMinor > request.AmountMinor)
            return FeeTooLarge;
        var (invoice, account) = await money.LockInvoiceAsync(id, cancel);
        if (invoice is null || account is null)
            return BillingReading.InvoiceNotFound;
        if (invoice.Provider != BillingProvider.Manual)
            return MoneyChange.NotByHand;
        if (await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Provider == BillingProvider.Manual && p.ProviderReference == request.Reference, cancel) is { } earlier)
            return earlier.ToResource();
        if (invoice.State != InvoiceState.Open)
            return NothingOpen;
        var facts = new ReceiptFacts(request.AmountMinor, request.FeeMinor, request.ReceivedAt?.ToUniversalTime() ?? money.Billing.GetUtcNow(), request.Reference);
        var (payment, _) = await db.RecordReceiptAsync(account, invoice, facts, money.By(caller), money.Billing, cancel);
        await money.FinishAsync(account, caller, "receipt.recorded", payment.Id.ToString(), $"{new Money(payment.AmountMinor, Currency.Parse(payment.Currency))} for {invoice.Number}, {request.Reference}", cancel);
        return Answer.Created(payment.ToResource());
    }
}
