using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Parties;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Payouts;

/// <summary>A party's payable account in one currency.</summary>
sealed record PayableAccount(int Id, string Code, string PartyId, string Currency)
{
    internal Party Party => new(Code == AccountCode.VendorPayable.ToText() ? PartyKind.Vendor : PartyKind.Reseller, PartyId);
}

/// <param name="Covered">The sum of what was posted before the cut-off and is in no payout yet.</param>
sealed record Uncovered(long AtCutOff, long Now, long Covered);

/// <summary>What stands on payable accounts, and what of it is in which payout.</summary>
static class PayableAccounts
{
    /// <summary>Those on which anything was posted before the cut-off, in a fixed order.</summary>
    internal static async Task<List<PayableAccount>> ReadPayableAccountsAsync(this ControlPlaneDb db, DateTimeOffset cutOff, CancellationToken cancel)
    {
        string[] codes = [AccountCode.VendorPayable.ToText(), AccountCode.ResellerPayable.ToText()];
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(a => codes.Contains(a.Code))
            .Where(a => db.Entries.Any(e => e.AccountId == a.Id && db.Journals.Any(j => j.Id == e.JournalId && j.PostedAt < cutOff)))
            .OrderBy(a => a.Code).ThenBy(a => a.PartyId).ThenBy(a => a.Currency).ToListAsync(cancel);
        return [.. accounts.Select(a => new PayableAccount(a.Id, a.Code, a.PartyId, a.Currency))];
    }

    internal static async Task<Uncovered> ReadUncoveredAsync(this ControlPlaneDb db, PayableAccount account, DateTimeOffset cutOff, CancellationToken cancel) =>
        await db.Database.SqlQuery<Uncovered>($"""
            SELECT coalesce(-sum(e.amount) FILTER (WHERE j.posted_at < {cutOff}), 0)::bigint AS at_cut_off, coalesce(-sum(e.amount), 0)::bigint AS now,
                coalesce(-sum(e.amount) FILTER (WHERE j.posted_at < {cutOff} AND c.payout_id IS NULL), 0)::bigint AS covered
            FROM entries e JOIN journals j ON j.id = e.journal_id LEFT JOIN covered_journals c ON c.journal_id = e.journal_id AND c.account_id = e.account_id
            WHERE e.account_id = {account.Id}
            """).SingleAsync(cancel);

    /// <summary>Writes down what the payout is about. Journals of earlier payouts are among it, taking away what those paid.</summary>
    internal static Task CoverAsync(this ControlPlaneDb db, Payout payout, PayableAccount account, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO covered_journals (payout_id, journal_id, account_id, amount_minor)
        SELECT {payout.Id.Value}, e.journal_id, e.account_id, -e.amount FROM entries e JOIN journals j ON j.id = e.journal_id
        WHERE e.account_id = {account.Id} AND j.posted_at < {payout.CutOff}
            AND NOT EXISTS (SELECT FROM covered_journals c WHERE c.journal_id = e.journal_id AND c.account_id = e.account_id)
        """,
        cancel);

    internal static async Task<PartyProfile?> LockPartyAsync(this ControlPlaneDb db, Party party, CancellationToken cancel)
    {
        var profile = (await db.Parties.FromSql($"SELECT * FROM parties WHERE kind = {party.Kind.ToText()} AND id = {party.Id} FOR UPDATE").ToListAsync(cancel)).SingleOrDefault();
        if (profile is not null)
            await db.Entry(profile).ReloadAsync(cancel);
        return profile;
    }
}
