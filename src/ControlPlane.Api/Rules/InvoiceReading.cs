using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Rules;

/// <summary>An invoice in the form that is asked for, for its customer and for the operator.</summary>
sealed class InvoiceReading(ControlPlaneDb db, PdfWriter pdf, IOptions<SellerOptions> seller, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, ILogger<InvoiceReading> logger)
{
    internal static readonly Problem FormatInvalid = new("invalid_format", 400, "This can be had as json, html and pdf.");

    internal async Task<IResult> AnswerAsync(string id, HttpContext context, CancellationToken cancel)
    {
        var format = DocumentAnswer.FormatOf(context.Request, ref id);
        if (await db.FindInvoiceAsync(id, cancel) is not { } invoice)
            return (Answer<InvoiceResource>)BillingReading.InvoiceNotFound;
        return format switch
        {
            "json" => Answer.Ok(invoice.ToResource(billing.GetUtcNow())),
            "html" => DocumentAnswer.Html(InvoiceDocument.Write(invoice, seller.Value), context),
            "pdf" => await DocumentAnswer.PdfAsync(InvoiceDocument.Write(invoice, seller.Value), invoice.Number, pdf, logger, cancel),
            _ => (Answer<InvoiceResource>)FormatInvalid,
        };
    }
}
