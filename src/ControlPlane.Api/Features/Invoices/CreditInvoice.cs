using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/invoices/{id}/credit</summary>
static class CreditInvoice
{
    static readonly Problem TooMuch = new("credit_too_large", 409, "The credits of this invoice would exceed its total.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/invoices/{id}/credit", HandleAsync)
        .Describe("Operator", "credit_invoice", "Credit a part of an invoice", "Taken off what is open; the rest goes to the customer's balance. No cash moves and no party's share changes. To pay money back, refund the payment.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new AmountRequest(500, "an outage of a day"))
        .Answers<CreditNoteResource>(201)
        .Refuses(BillingReading.InvoiceNotFound, MoneyChange.NotByHand, TooMuch);

    static async Task<Answer<CreditNoteResource>> HandleAsync(string id, AmountRequest request, Caller caller, MoneyChange money, ControlPlaneDb db, CancellationToken cancel)
    {
        var (invoice, account) = await money.LockInvoiceAsync(id, cancel);
        if (invoice is null || account is null)
            return BillingReading.InvoiceNotFound;
        if (invoice.Provider != BillingProvider.Manual)
            return MoneyChange.NotByHand;
        var earlier = await db.CreditNotes.Where(n => n.InvoiceId == invoice.Id).SumAsync(n => n.TotalMinor, cancel);
        if (invoice.State is InvoiceState.Void or InvoiceState.Uncollectible || earlier + request.AmountMinor > invoice.TotalMinor)
            return TooMuch;
        var note = await db.CreditAsync(account, invoice, request.AmountMinor, request.Reason, money.By(caller), money.Billing, cancel);
        await money.FinishAsync(account, caller, "invoice.credited", invoice.Id.ToString(), $"{invoice.Number}: {new Money(note.TotalMinor, Currency.Parse(note.Currency))}, {request.Reason}", cancel);
        return Answer.Created(note.ToResource());
    }
}
