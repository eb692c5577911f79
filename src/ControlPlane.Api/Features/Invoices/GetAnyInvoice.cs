using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Invoices;

/// <summary>GET /v1/operator/invoices/{id}</summary>
static class GetAnyInvoice
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/invoices/{id}", (string id, InvoiceReading invoices, HttpContext context, CancellationToken cancel) => invoices.AnswerAsync(id, context, cancel))
        .Describe("Operator", "get_any_invoice", "Read anybody's invoice", "As JSON, HTML or PDF: by the Accept header, or by what the path ends with (`inv_….pdf`).")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<InvoiceResource>(200)
        .Refuses(BillingReading.InvoiceNotFound, InvoiceReading.FormatInvalid, DocumentAnswer.PdfUnavailable);
}
