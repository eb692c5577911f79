using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Billing;

/// <summary>Invoices as pages and PDF, to their customer and to the operator.</summary>
static class InvoiceFiles
{
    public static void MapInvoiceFiles(this WebApplication app)
    {
        app.MapGet("/billing/files/{id}.{format}", (string id, string format, ControlPlaneClient api, HttpContext http, CancellationToken cancel) =>
            ApiFiles.AnswerAsync(api.GetInvoiceFileAsync(Uri.EscapeDataString(id), Uri.EscapeDataString(format), cancel), id, format, http)).RequireAuthorization();
        app.MapGet("/operator/money/files/invoices/{id}.{format}", (string id, string format, ControlPlaneClient api, HttpContext http, CancellationToken cancel) =>
            ApiFiles.AnswerAsync(api.GetAnyInvoiceFileAsync(Uri.EscapeDataString(id), Uri.EscapeDataString(format), cancel), id, format, http)).RequireAuthorization();
    }
}
