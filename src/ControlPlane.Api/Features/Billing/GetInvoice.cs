using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Billing;

/// <summary>GET /v1/billing/invoices/{id}</summary>
static class GetInvoice
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/billing/invoices/{id}", (string id, InvoiceReading invoices, HttpContext context, CancellationToken cancel) => invoices.AnswerAsync(id, context, cancel))
        .Describe("Billing", "get_invoice", "Read an invoice", "As JSON, HTML or PDF: by the Accept header, or by what the path ends with (`inv_….pdf`).")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<InvoiceResource>(200)
        .Refuses(BillingReading.InvoiceNotFound, InvoiceReading.FormatInvalid, DocumentAnswer.PdfUnavailable);
}
