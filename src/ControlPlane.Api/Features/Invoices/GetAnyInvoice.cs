using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>GET /v1/operator/invoices/{id}</summary>
static class GetAnyInvoice
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/invoices/{id}", HandleAsync)
        .Describe("Operator", "get_any_invoice", "Read anybody's invoice")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<InvoiceResource>(200)
        .Refuses(BillingReading.InvoiceNotFound);

    static async Task<Answer<InvoiceResource>> HandleAsync(string id, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel) =>
        await db.FindInvoiceAsync(id, cancel) is { } invoice ? invoice.ToResource(billing.GetUtcNow()) : BillingReading.InvoiceNotFound;
}
