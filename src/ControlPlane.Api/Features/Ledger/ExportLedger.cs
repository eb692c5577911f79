using System.Text;
using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;

namespace ControlPlane.Api.Features.Ledger;

/// <summary>GET /v1/operator/ledger/export</summary>
static class ExportLedger
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/ledger/export", HandleAsync)
        .Describe("Operator", "export_ledger", "Export the whole ledger", "As a journal that `hledger check --strict` accepts: an examiner needs no program of ours.")
        .AllowOperator(TokenScopes.BillingRead)
        .Produces<string>(200, "text/plain");

    static IResult HandleAsync(ControlPlaneDb db, CancellationToken cancel) => Results.Stream(
        async body =>
        {
            await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            await HledgerExport.WriteAsync(db, writer, cancel);
        },
        "text/plain; charset=utf-8", "ledger.journal");
}
