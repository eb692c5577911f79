using System.Text;
using ControlPlane.Client;
using ControlPlane.Web.Http;

namespace ControlPlane.Web.Pages.Ledger;

/// <summary>Files of the ledger.</summary>
static class LedgerFiles
{
    public static void MapLedgerFiles(this WebApplication app)
    {
        var files = app.MapGroup("/operator/money/files").RequireAuthorization();
        files.MapGet("/transfers.csv", (ControlPlaneClient api, HttpContext http, CancellationToken cancel) => ApiFiles.AnswerAsync(BytesAsync(api.GetTransferListAsync(cancel)), "transfers", "csv", http));
        files.MapGet("/ledger.journal", (ControlPlaneClient api, HttpContext http, CancellationToken cancel) => ApiFiles.AnswerAsync(BytesAsync(api.ExportLedgerAsync(cancel)), "ledger", "journal", http));
        files.MapGet("/statements/{party}/{month}/{currency}.{format}", (string party, string month, string currency, string format, ControlPlaneClient api, HttpContext http, CancellationToken cancel) =>
            ApiFiles.AnswerAsync(
                api.GetStatementFileAsync(Uri.EscapeDataString(party), Uri.EscapeDataString(month), Uri.EscapeDataString(currency), Uri.EscapeDataString(format), cancel),
                $"statement-{party.Replace(':', '-')}-{month}-{currency}", format, http));
    }

    static async Task<byte[]> BytesAsync(Task<string> call) => Encoding.UTF8.GetBytes(await call);
}
