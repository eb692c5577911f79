using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/invoices/{id}/void</summary>
static class VoidInvoice
{
    static readonly Problem NotVoidable = new("invoice_not_voidable", 409, "Something was paid or credited of this invoice, or it is settled. Credit it instead.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/invoices/{id}/void", HandleAsync)
        .Describe("Operator", "void_invoice", "Take an invoice back", "Only while nothing has been paid or credited of it; otherwise credit it.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ReasonRequest("issued by mistake"))
        .Answers<InvoiceResource>(200)
        .Refuses(BillingReading.InvoiceNotFound, MoneyChange.NotByHand, NotVoidable);

    static async Task<Answer<InvoiceResource>> HandleAsync(string id, ReasonRequest request, Caller caller, MoneyChange money, ControlPlaneDb db, CancellationToken cancel)
    {
        var (invoice, account) = await money.LockInvoiceAsync(id, cancel);
        if (invoice is null || account is null)
            return BillingReading.InvoiceNotFound;
        if (invoice.Provider != BillingProvider.Manual)
            return MoneyChange.NotByHand;
        if (invoice is not { State: InvoiceState.Open, PaidMinor: 0, CreditedMinor: 0 })
            return NotVoidable;
        await db.VoidAsync(account, invoice, request.Reason, money.By(caller), money.Billing, cancel);
        await money.FinishAsync(account, caller, "invoice.voided", invoice.Id.ToString(), $"{invoice.Number}: {request.Reason}", cancel);
        return invoice.ToResource(money.Billing.GetUtcNow());
    }
}
