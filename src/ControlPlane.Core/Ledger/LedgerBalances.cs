using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger;

/// <param name="Owner">The party or customer; empty where there is one account for all.</param>
/// <param name="Minor">Debit above zero, credit below.</param>
public sealed record AccountBalance(string Code, string Owner, string Currency, AccountKind Kind, long Minor);

public static class LedgerBalances
{
    /// <summary>Every account's sum of what was posted before <paramref name="before"/>, or of everything; accounts of nothing included.</summary>
    public static async Task<List<AccountBalance>> ReadBalancesAsync(this ControlPlaneDb db, DateTimeOffset? before, CancellationToken cancel)
    {
        var journals = before is { } end ? db.Journals.Where(j => j.PostedAt < end) : db.Journals;
        var sums = from entry in db.Entries
                   join journal in journals on entry.JournalId equals journal.Id
                   group entry.Amount by entry.AccountId into account
                   select new { Id = account.Key, Minor = account.Sum() };
        return await (from account in db.LedgerAccounts
                      join sum in sums on account.Id equals sum.Id
                      orderby account.Code, account.PartyId, account.Currency
                      select new AccountBalance(account.Code, account.PartyId, account.Currency, account.Kind, sum.Minor)).ToListAsync(cancel);
    }
}
