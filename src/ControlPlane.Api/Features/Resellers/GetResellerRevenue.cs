using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/revenue</summary>
static class GetResellerRevenue
{
    const int Months = 12;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/revenue", HandleAsync)
        .Describe("Resellers", "get_reseller_revenue", "See what twelve months brought", "Shares by the month and currency in which they were booked, what was taken back and paid out, and what is held and payable now.")
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<ResellerRevenueResponse>(200);

    static async Task<Answer<ResellerRevenueResponse>> HandleAsync(ResellerCaller by, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel)
    {
        var (party, now) = (by.Reseller.Party, billing.GetUtcNow().UtcDateTime);
        var from = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1 - Months);
        string[] owed = [party.Held.Code.ToText(), party.Payable.Code.ToText()];
        var inPayout = party.InPayout.Code.ToText();
        var (booked, balances) = await db.ReadInFleetAsync(async () => (
            await (from entry in db.Entries
                   join account in db.LedgerAccounts on entry.AccountId equals account.Id
                   join journal in db.Journals on entry.JournalId equals journal.Id
                   where account.PartyId == party.Id && owed.Contains(account.Code) && journal.PostedAt >= @from
                       && (journal.Kind == JournalKind.Shares || journal.Kind == JournalKind.ShareReversal || journal.Kind == JournalKind.Payout)
                   select new { entry.Currency, entry.Amount, journal.Kind, journal.PostedAt }).ToListAsync(cancel),
            await (from entry in db.Entries
                   join account in db.LedgerAccounts on entry.AccountId equals account.Id
                   where account.PartyId == party.Id && (owed.Contains(account.Code) || account.Code == inPayout)
                   group entry.Amount by new { account.Code, entry.Currency } into sums
                   select new { sums.Key.Code, sums.Key.Currency, Minor = sums.Sum() }).ToListAsync(cancel)));

        // What we owe stands on the right side, below zero.
        var months = booked.GroupBy(b => (Month: b.PostedAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture), b.Currency)).OrderBy(g => g.Key)
            .Select(g => new ResellerMonthResource(
                g.Key.Month, g.Key.Currency, -g.Where(b => b.Kind == JournalKind.Shares).Sum(b => b.Amount), g.Where(b => b.Kind == JournalKind.ShareReversal).Sum(b => b.Amount),
                g.Where(b => b.Kind == JournalKind.Payout).Sum(b => b.Amount)));
        long BalanceOf(string currency, string code) => -balances.Where(b => b.Currency == currency && b.Code == code).Sum(b => b.Minor);
        return new ResellerRevenueResponse([.. months],
            [.. balances.Select(b => b.Currency).Distinct().Order().Select(c => new ResellerBalanceResource(c, BalanceOf(c, owed[0]), BalanceOf(c, owed[1]), BalanceOf(c, inPayout)))]);
    }
}
