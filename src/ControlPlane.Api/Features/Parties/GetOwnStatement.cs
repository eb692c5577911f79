using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Documents;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger.Statements;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/parties/{id}/statements/{month}/{currency}</summary>
static class GetOwnStatement
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/parties/{id}/statements/{month}/{currency}", HandleAsync)
        .Describe("Parties", "get_own_statement", "Read a month of yours as a party", StatementAnswer.Description)
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<StatementResource>(200)
        .Refuses([PartyReading.PartyNotFound, .. StatementAnswer.Refusals]);

    static async Task<IResult> HandleAsync(string id, string month, string currency, HttpContext context, Caller caller, ControlPlaneDb db, PdfWriter pdf, ILoggerFactory logs, CancellationToken cancel)
    {
        if (await db.FindOwnPartyAsync(caller.Organization, id, cancel) is not { } own)
            return (Answer<StatementResource>)PartyReading.PartyNotFound;
        var party = own.Party;
        return await StatementAnswer.AnswerAsync(
            context, party, month, currency, (known, first) => db.ReadInFleetAsync(() => db.ReadStatementSheetAsync(party, known, first, cancel)), pdf, logs.CreateLogger(typeof(GetOwnStatement)), cancel);
    }
}
