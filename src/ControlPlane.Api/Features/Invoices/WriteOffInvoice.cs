using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>POST /v1/operator/invoices/{id}/write-off</summary>
static class WriteOffInvoice
{
    static readonly Problem NothingOpen = new("invoice_settled", 409, "Nothing is open of this invoice.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/invoices/{id}/write-off", HandleAsync)
        .Describe("Operator", "write_off_invoice", "Give up what is open of an invoice", "It becomes a loss. The tax in it stays owed.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ReasonRequest("insolvent"))
        .Answers<InvoiceResource>(200)
        .Refuses(BillingReading.InvoiceNotFound, MoneyChange.NotByHand, NothingOpen);

    static async Task<Answer<InvoiceResource>> HandleAsync(string id, ReasonRequest request, Caller caller, MoneyChange money, ControlPlaneDb db, CancellationToken cancel)
    {
        var (invoice, account) = await money.LockInvoiceAsync(id, cancel);
        if (invoice is null || account is null)
            return BillingReading.InvoiceNotFound;
        if (invoice.Provider != BillingProvider.Manual)
            return MoneyChange.NotByHand;
        if (invoice.OpenMinor == 0)
            return NothingOpen;
        await db.WriteOffAsync(account, invoice, request.Reason, money.By(caller), money.Billing, cancel);
        await money.FinishAsync(account, caller, "invoice.written_off", invoice.Id.ToString(), $"{invoice.Number}: {request.Reason}", cancel);
        return invoice.ToResource(money.Billing.GetUtcNow());
    }
}
