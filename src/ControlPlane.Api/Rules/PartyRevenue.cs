using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Rules;

/// <summary>What a party earned by month and currency of posting, and where it stands. In the fleet's scope: the ledger is nobody's own.</summary>
static class PartyRevenue
{
    internal const int Months = 12;

    internal const string Description = "Shares by the month and currency in which they were booked, what was taken back and paid out, and what is held and payable now.";

    internal static async Task<PartyRevenueResponse> ReadPartyRevenueAsync(this ControlPlaneDb db, Party party, DateTimeOffset now, CancellationToken cancel)
    {
        var from = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1 - Months);
        string[] owed = [party.Held.Code.ToText(), party.Payable.Code.ToText()];
        var inPayout = party.InPayout.Code.ToText();
        var booked = await (from entry in db.Entries
                            join account in db.LedgerAccounts on entry.AccountId equals account.Id
                            join journal in db.Journals on entry.JournalId equals journal.Id
                            where account.PartyId == party.Id && owed.Contains(account.Code) && journal.PostedAt >= @from
                                && (journal.Kind == JournalKind.Shares || journal.Kind == JournalKind.ShareReversal || journal.Kind == JournalKind.Payout)
                            select new { entry.Currency, entry.Amount, journal.Kind, journal.PostedAt }).ToListAsync(cancel);
        var balances = await (from entry in db.Entries
                              join account in db.LedgerAccounts on entry.AccountId equals account.Id
                              where account.PartyId == party.Id && (owed.Contains(account.Code) || account.Code == inPayout)
                              group entry.Amount by new { account.Code, entry.Currency } into sums
                              select new { sums.Key.Code, sums.Key.Currency, Minor = sums.Sum() }).ToListAsync(cancel);

        // What we owe stands on the right side, below zero.
        var months = booked.GroupBy(b => (Month: b.PostedAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture), b.Currency)).OrderBy(g => g.Key)
            .Select(g => new PartyMonthResource(
                g.Key.Month, g.Key.Currency, -g.Where(b => b.Kind == JournalKind.Shares).Sum(b => b.Amount), g.Where(b => b.Kind == JournalKind.ShareReversal).Sum(b => b.Amount),
                g.Where(b => b.Kind == JournalKind.Payout).Sum(b => b.Amount)));
        long BalanceOf(string currency, string code) => -balances.Where(b => b.Currency == currency && b.Code == code).Sum(b => b.Minor);
        return new PartyRevenueResponse([.. months],
            [.. balances.Select(b => b.Currency).Distinct().Order().Select(c => new PartyStandingResource(c, BalanceOf(c, owed[0]), BalanceOf(c, owed[1]), BalanceOf(c, inPayout)))]);
    }
}
