using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Parties;

/// <summary>GET /parties/{party}/files/{month}/{currency}.{format}: a statement as the Api makes it.</summary>
static class PartyFiles
{
    public static void MapPartyFiles(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/parties/{party}/files/{month}/{currency}.{format}",
        (string party, string month, string currency, string format, ControlPlaneClient api, HttpContext http, CancellationToken cancel) => ApiFiles.AnswerAsync(
            api.GetOwnStatementFileAsync(party, month, currency, format, cancel), $"statement-{party.Replace(':', '-')}-{month}-{currency}", format, http)).RequireAuthorization();
}
