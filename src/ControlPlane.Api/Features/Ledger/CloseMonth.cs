using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Ledger;

/// <summary>POST /v1/operator/ledger/months/{month}/close</summary>
static class CloseMonth
{
    static readonly Problem NotOver = new("month_not_over", 409, "This month is not over yet, in UTC.");
    static readonly Problem Closed = new("month_closed", 409, "This month is closed already.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/ledger/months/{month}/close", HandleAsync)
        .Describe("Operator", "close_month", "Close a month", "For good: nothing can be posted into it any more, and every party gets its statement with a number. What comes late appears in the month it is posted in.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Answers<MonthResource>(200)
        .Refuses(PartyReading.MonthInvalid, NotOver, Closed);

    static async Task<Answer<MonthResource>> HandleAsync(
        string month, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (!StatementResources.TryParseMonth(month, out var first))
            return PartyReading.MonthInvalid;
        if (first.AddMonths(1) > DateOnly.FromDateTime(billing.GetUtcNow().UtcDateTime))
            return NotOver;
        if (!await db.CloseMonthAsync(first, caller.OperatorActor, billing, cancel))
            return Closed;
        db.Write(null, caller.OperatorActor, "month.closed", month, null, clock);
        var closed = await db.ClosedMonths.AsNoTracking().SingleAsync(m => m.Month == first, cancel);
        return new MonthResource(month, true, closed.ClosedAt, closed.ClosedBy, await db.IssuedStatements.CountAsync(s => s.Month == first, cancel));
    }
}
