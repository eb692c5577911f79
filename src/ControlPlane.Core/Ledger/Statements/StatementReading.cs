using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Statements;

public static class StatementReading
{
    /// <param name="month">Its first day.</param>
    public static async Task<PartyStatement> ReadStatementAsync(this ControlPlaneDb db, Party party, Currency currency, DateOnly month, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(month.Day, 1, nameof(month));
        var (from, to) = (StartOf(month), StartOf(month.AddMonths(1)));
        var (held, payable, inPayout) = (party.Held.Code.ToText(), party.Payable.Code.ToText(), party.InPayout.Code.ToText());
        string[] codes = [held, payable, inPayout];
        var rows = from entry in db.Entries
                   join account in db.LedgerAccounts on entry.AccountId equals account.Id
                   join journal in db.Journals on entry.JournalId equals journal.Id
                   where account.PartyId == party.Id && account.Currency == currency.Code && codes.Contains(account.Code) && journal.PostedAt < to
                   select new { account.Code, entry.Amount, Journal = journal };

        var opening = await rows.Where(r => r.Journal.PostedAt < from).GroupBy(r => r.Code).Select(g => new { Code = g.Key, Minor = g.Sum(r => r.Amount) }).ToListAsync(cancel);
        var posted = await rows.Where(r => r.Journal.PostedAt >= from).AsNoTracking().ToListAsync(cancel);
        var lines = posted.GroupBy(r => r.Journal.Id).Select(g => (g.First().Journal, Change: BalanceOf(g.Select(r => (r.Code, r.Amount)))))
            .OrderBy(l => l.Journal.PostedAt).ThenBy(l => l.Journal.Id.ToString(), StringComparer.Ordinal)
            .Select(l => new StatementLine(
                l.Journal.Id, l.Journal.Kind, l.Journal.SourceType, l.Journal.SourceId, l.Journal.EffectiveAt, l.Journal.PostedAt, l.Journal.EffectiveAt < from,
                [.. l.Journal.ContractVersionIds.Select(id => new ContractId(id))], l.Journal.Memo, l.Change)
            { Correlation = l.Journal.Correlation });
        return new PartyStatement(
            party, currency, month, await db.ClosedMonths.AnyAsync(m => m.Month == month, cancel), BalanceOf(opening.Select(o => (o.Code, o.Minor))), [.. lines]);

        // Liabilities: a credit is in the party's favour.
        PartyBalance BalanceOf(IEnumerable<(string Code, long Minor)> sums) => sums.Aggregate(default(PartyBalance), (balance, sum) => balance + (sum.Code == held
            ? new PartyBalance(-sum.Minor, 0, 0)
            : sum.Code == payable ? new PartyBalance(0, -sum.Minor, 0) : new PartyBalance(0, 0, -sum.Minor)));
    }

    internal static DateTimeOffset StartOf(DateOnly month) => new(month.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
