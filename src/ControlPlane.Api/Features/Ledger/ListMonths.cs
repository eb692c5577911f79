using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Ledger;

/// <summary>GET /v1/operator/ledger/months</summary>
static class ListMonths
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/ledger/months", HandleAsync)
        .Describe("Operator", "list_months", "List the ledger's months", "From the first journal to now, in UTC, the newest first. Nothing can be posted into a closed one.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<MonthsResponse>(200);

    static async Task<Answer<MonthsResponse>> HandleAsync(ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel)
    {
        var closed = await db.ClosedMonths.AsNoTracking().ToDictionaryAsync(m => m.Month, cancel);
        var statements = await db.IssuedStatements.GroupBy(s => s.Month).Select(g => new { Month = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Month, g => g.Count, cancel);
        if (await db.Journals.MinAsync(j => (DateTimeOffset?)j.PostedAt, cancel) is not { } first)
            return new MonthsResponse([]);
        var months = new List<MonthResource>();
        for (var month = FirstOf(billing.GetUtcNow()); month >= FirstOf(first); month = month.AddMonths(-1))
        {
            var by = closed.GetValueOrDefault(month);
            months.Add(new MonthResource(StatementResources.MonthText(month), by is not null, by?.ClosedAt, by?.ClosedBy, statements.GetValueOrDefault(month)));
        }
        return new MonthsResponse(months);
    }

    static DateOnly FirstOf(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month, 1);
}
