using System.Globalization;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger;

/// <summary>The whole ledger as a journal of hledger (hledger.org/1.25/hledger.html#journal-format), for a check by a program that is not ours: <c>hledger check --strict</c>.</summary>
public static class HledgerExport
{
    public static async Task WriteAsync(ControlPlaneDb db, TextWriter writer, CancellationToken cancel)
    {
        var accounts = await db.LedgerAccounts.AsNoTracking().OrderBy(a => a.Code).ThenBy(a => a.PartyId).ToListAsync(cancel);
        foreach (var code in accounts.Select(a => a.Currency).Distinct().Order(StringComparer.Ordinal))
            await writer.WriteLineAsync($"commodity {Sample(Currency.Parse(code))} {code}");
        foreach (var name in accounts.Select(NameOf).Distinct())
            await writer.WriteLineAsync($"account {name}");

        var names = accounts.ToDictionary(a => a.Id, NameOf);
        var rows = from entry in db.Entries
                   join journal in db.Journals on entry.JournalId equals journal.Id
                   orderby journal.PostedAt, journal.Id, entry.Line
                   select new { journal.Id, journal.PostedAt, journal.Kind, journal.SourceType, journal.SourceId, journal.Seq, journal.Mode, entry.AccountId, entry.Currency, entry.Amount };
        JournalId? last = null;
        await foreach (var row in rows.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (row.Id != last)
            {
                var date = row.PostedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\n{date} * ({row.Id}) {row.Kind.ToText()} {row.Seq} of {Plain(row.SourceType)} {Plain(row.SourceId)}  ; mode:{row.Mode.ToText()}"));
            }
            last = row.Id;
            await writer.WriteLineAsync($"    {names[row.AccountId]}  {new Money(row.Amount, Currency.Parse(row.Currency)).ToMajorText()} {row.Currency}");
        }
    }

    static string NameOf(LedgerAccount account)
    {
        var group = account.Kind switch
        {
            AccountKind.Asset => "assets",
            AccountKind.Liability => "liabilities",
            AccountKind.Income => "revenues",
            AccountKind.Expense => "expenses",
            _ => throw new InvalidOperationException($"account {account.Id} has the unknown kind {account.Kind}"),
        };
        return account.PartyId.Length == 0 ? $"{group}:{account.Code}" : $"{group}:{account.Code}:{Plain(account.PartyId)}";
    }

    // A directive must show a decimal mark, also where there are no decimals.
    static string Sample(Currency currency) => "1000." + new string('0', currency.Exponent);

    // A provider's id could hold what ends a description or an account's name.
    static string Plain(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_'));
}
