using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Revenue;

/// <summary>GET /v1/operator/revenue</summary>
static class GetRevenue
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/revenue", HandleAsync)
        .Describe("Operator", "get_revenue", "See what comes in and who gets it", "Month by month from the ledger, by when it was posted, and what the subscriptions are worth a month.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<RevenueResponse>(200);

    static async Task<Answer<RevenueResponse>> HandleAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var sums = await db.Database.SqlQuery<MonthSum>(
            $"""
            SELECT date_trunc('month', j.posted_at AT TIME ZONE 'UTC')::date AS month, a.currency, a.code, sum(e.amount)::bigint AS minor
            FROM entries e JOIN journals j ON j.id = e.journal_id JOIN ledger_accounts a ON a.id = e.account_id
            WHERE a.code IN ('REV', 'FEE', 'DFEE', 'FX', 'BADDEBT', 'V.EXP', 'R.EXP') OR (a.code IN ('BANK', 'STRIPE') AND j.kind NOT IN ('payout_settled', 'payout_reversed', 'fx'))
            GROUP BY 1, 2, 3
            """).ToListAsync(cancel);
        var months = from sum in sums
                     group sum by (sum.Month, sum.Currency) into month
                     orderby month.Key.Month, month.Key.Currency
                     let of = month.ToDictionary(m => m.Code, m => m.Minor)
                     let revenue = -Of(of, AccountCode.Revenue)
                     let fees = Of(of, AccountCode.Fee) + Of(of, AccountCode.DisputeFee)
                     let vendor = Of(of, AccountCode.VendorExpense)
                     let reseller = Of(of, AccountCode.ResellerExpense)
                     select new RevenueMonth(
                         month.Key.Month, month.Key.Currency, revenue, Of(of, AccountCode.Bank) + Of(of, AccountCode.Stripe), fees, vendor, reseller,
                         revenue - fees - vendor - reseller - Of(of, AccountCode.Exchange) - Of(of, AccountCode.BadDebt));
        return new RevenueResponse([.. months], await ReadRecurringAsync(db, cancel));
    }

    static async Task<List<RecurringRevenue>> ReadRecurringAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var items = await (
            from item in db.SubscriptionItems
            where item.State == SubscriptionItemState.Active
            join account in db.BillingAccounts on item.OrganizationId equals account.OrganizationId
            join price in db.PlanPrices on new { item.PlanKey, Version = item.PlanVersion, account.Currency, account.Interval } equals new { price.PlanKey, price.Version, price.Currency, price.Interval }
            select new { price.Currency, item.PlanKey, item.Quantity, price.AmountMinor, price.Interval }).ToListAsync(cancel);
        return [.. items.GroupBy(i => (i.Currency, i.PlanKey)).OrderBy(g => g.Key.Currency, StringComparer.Ordinal).ThenBy(g => g.Key.PlanKey, StringComparer.Ordinal)
            .Select(g => new RecurringRevenue(g.Key.Currency, g.Key.PlanKey, g.Sum(i => i.Quantity), g.Sum(i => i.Quantity * i.AmountMinor / (i.Interval == BillingInterval.Year ? 12 : 1))))];
    }

    static long Of(Dictionary<string, long> sums, AccountCode code) => sums.GetValueOrDefault(code.ToText());

    sealed record MonthSum(DateOnly Month, string Currency, string Code, long Minor);
}
