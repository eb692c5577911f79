using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Statements;

/// <summary>GET /v1/operator/statements</summary>
static class ListStatements
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/statements", HandleAsync)
        .Describe("Operator", "list_statements", "List the statements that were issued", "The oldest first, by month, party and currency; narrowed with ?party= and ?month=yyyy-MM.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<StatementSummary>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, PartyReading.PartyInvalid, PartyReading.MonthInvalid);

    static async Task<Answer<Page<StatementSummary>>> HandleAsync([AsParameters] PageRequest page, string? party, string? month, ControlPlaneDb db, CancellationToken cancel)
    {
        var statements = db.IssuedStatements.AsNoTracking();
        if (party is not null)
        {
            if (!Party.TryParse(party, out var wanted))
                return PartyReading.PartyInvalid;
            statements = statements.Where(s => s.PartyKind == wanted.Kind && s.PartyId == wanted.Id);
        }
        if (month is not null)
        {
            if (!StatementResources.TryParseMonth(month, out var first))
                return PartyReading.MonthInvalid;
            statements = statements.Where(s => s.Month == first);
        }
        return await statements.OrderBy(s => s.Month).ThenBy(s => s.PartyKind).ThenBy(s => s.PartyId).ThenBy(s => s.Currency).ReadByOffsetAsync(page, s => s.ToSummary(), cancel);
    }
}
