using System.Text;
using ControlPlane.Client;
using ControlPlane.Core.Documents;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Ledger;

/// <summary>Files of the ledger, got from the Api for whoever is signed in.</summary>
static class LedgerFiles
{
    static readonly Dictionary<string, string> types = new() { ["html"] = "text/html; charset=utf-8", ["pdf"] = "application/pdf", ["csv"] = "text/csv; charset=utf-8", ["json"] = "application/json" };

    public static void MapLedgerFiles(this WebApplication app)
    {
        var files = app.MapGroup("/operator/money/files").RequireAuthorization();
        files.MapGet("/transfers.csv", async (ControlPlaneClient api, CancellationToken cancel) => Answer(await Text(api.GetTransferListAsync(cancel)).AsReply(), types["csv"], "transfers.csv"));
        files.MapGet("/ledger.journal", async (ControlPlaneClient api, CancellationToken cancel) => Answer(await Text(api.ExportLedgerAsync(cancel)).AsReply(), "text/plain; charset=utf-8", "ledger.journal"));
        files.MapGet("/statements/{party}/{month}/{currency}.{format}", StatementAsync);
    }

    static async Task<IResult> StatementAsync(string party, string month, string currency, string format, ControlPlaneClient api, HttpContext http, CancellationToken cancel)
    {
        if (!types.TryGetValue(format, out var type))
            return Results.NotFound();
        var (escapedParty, escapedMonth, escapedCurrency) = (Uri.EscapeDataString(party), Uri.EscapeDataString(month), Uri.EscapeDataString(currency));
        var reply = await api.GetStatementFileAsync(escapedParty, escapedMonth, escapedCurrency, format, cancel).AsReply();
        // A document has its own style inside it, and is shown; the others are kept.
        if (format == "html")
            http.Response.Headers.ContentSecurityPolicy = HtmlDocument.ContentSecurityPolicy;
        return Answer(reply, type, format == "html" ? null : $"statement-{party.Replace(':', '-')}-{month}-{currency}.{format}");
    }

    static IResult Answer(Reply<byte[]> reply, string type, string? name) =>
        reply.Value is { } bytes ? Results.File(bytes, type, name) : Results.Redirect($"/refused/{reply.Problem?.Status ?? StatusCodes.Status502BadGateway}");

    static async Task<byte[]> Text(Task<string> call) => Encoding.UTF8.GetBytes(await call);
}
