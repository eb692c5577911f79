using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Resellers;

/// <summary>GET /reseller/money/{month}/{currency}.{format}: a statement as the Api makes it.</summary>
static class StatementFiles
{
    public static void MapResellerFiles(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/reseller/money/{month}/{currency}.{format}",
        (string month, string currency, string format, ControlPlaneClient api, HttpContext http, CancellationToken cancel) => ApiFiles.AnswerAsync(
            api.GetResellerStatementFileAsync(Uri.EscapeDataString(month), Uri.EscapeDataString(currency), Uri.EscapeDataString(format), cancel), $"statement-{month}-{currency}", format, http)).RequireAuthorization();
}
