using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Billing;

/// <summary>GET /v1/billing/invoices/{id}</summary>
static class GetInvoice
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/billing/invoices/{id}", HandleAsync)
        .Describe("Billing", "get_invoice", "Read an invoice")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<InvoiceResource>(200)
        .Refuses(BillingReading.InvoiceNotFound);

    static async Task<Answer<InvoiceResource>> HandleAsync(string id, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel) =>
        await db.FindInvoiceAsync(id, cancel) is { } invoice ? invoice.ToResource(billing.GetUtcNow()) : BillingReading.InvoiceNotFound;
}
