using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Statements;

namespace ControlPlane.Api.Features.Statements;

/// <summary>GET /v1/operator/statements/{id}/{month}/{currency}</summary>
static class GetStatement
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/statements/{id}/{month}/{currency}", HandleAsync)
        .Describe("Operator", "get_statement", "Read a party's month", StatementAnswer.Description)
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<StatementResource>(200)
        .Refuses([PartyReading.PartyInvalid, .. StatementAnswer.Refusals]);

    static async Task<IResult> HandleAsync(string id, string month, string currency, HttpContext context, ControlPlaneDb db, PdfWriter pdf, ILoggerFactory logs, CancellationToken cancel) =>
        Party.TryParse(id, out var party)
            ? await StatementAnswer.AnswerAsync(
                context, party, month, currency, (known, first) => db.ReadStatementSheetAsync(party, known, first, cancel), pdf, logs.CreateLogger(typeof(GetStatement)), cancel)
            : (Answer<StatementResource>)PartyReading.PartyInvalid;
}
