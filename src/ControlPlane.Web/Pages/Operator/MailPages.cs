using ControlPlane.Client;
using ControlPlane.Core.Documents;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Operator;

/// <summary>Mails as their readers see them: GET /operator/mails/{id}/page to the operator, and GET /reseller/brand/mail, a sample, to a reseller.</summary>
static class MailPages
{
    public static void MapMailPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operator/mails/{id}/page", (string id, ControlPlaneClient api, HttpContext http, CancellationToken cancel) =>
            ApiFiles.AnswerAsync(api.GetMailPageAsync(Uri.EscapeDataString(id), cancel), id, "html", http, HtmlDocument.ContentSecurityPolicyWithPictures)).RequireAuthorization();
        routes.MapGet("/reseller/brand/mail", (ControlPlaneClient api, HttpContext http, CancellationToken cancel) =>
            ApiFiles.AnswerAsync(api.PreviewMailAsync(cancel), "mail", "html", http, HtmlDocument.ContentSecurityPolicyWithPictures)).RequireAuthorization();
    }
}
