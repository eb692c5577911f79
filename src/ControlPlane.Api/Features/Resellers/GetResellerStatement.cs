using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Statements;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/statements/{month}/{currency}</summary>
static class GetResellerStatement
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/statements/{month}/{currency}", HandleAsync)
        .Describe("Resellers", "get_reseller_statement", "Read a month of yours", StatementAnswer.Description)
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<StatementResource>(200)
        .Refuses(StatementAnswer.Refusals);

    static Task<IResult> HandleAsync(string month, string currency, HttpContext context, ResellerCaller by, ControlPlaneDb db, PdfWriter pdf, ILoggerFactory logs, CancellationToken cancel)
    {
        var party = by.Reseller.Party;
        return StatementAnswer.AnswerAsync(
            context, party, month, currency, (known, first) => db.ReadInFleetAsync(() => db.ReadStatementSheetAsync(party, known, first, cancel)), pdf, logs.CreateLogger(typeof(GetResellerStatement)), cancel);
    }
}
