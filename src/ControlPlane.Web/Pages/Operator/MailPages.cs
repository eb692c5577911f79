using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Operator;

/// <summary>GET /operator/mails/{id}/page: a mail as its reader sees it.</summary>
static class MailPages
{
    public static void MapMailPages(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/operator/mails/{id}/page", (string id, ControlPlaneClient api, HttpContext http, CancellationToken cancel) => ApiFiles.AnswerAsync(api.GetMailPageAsync(Uri.EscapeDataString(id), cancel), id, "html", http)).RequireAuthorization();
}
