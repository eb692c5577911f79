using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger;

/// <summary>Who posts, and through which provider. Stands on every journal.</summary>
/// <param name="Provider">manual, stripe or stripe-double.</param>
public sealed record PostedBy(string Actor, string Provider, LedgerMode Mode);

/// <param name="IsNew">False when the same effect was posted before.</param>
public readonly record struct PostedJournal(JournalId Id, bool IsNew);

/// <summary>What is asked to be posted was posted before, with other lines.</summary>
public sealed class PostedOtherwiseException(string message) : InvalidOperationException(message);

/// <summary>
/// Writes journals. The same source, kind and sequence are stored once, whoever comes with them again and however many at a time: the unique index
/// decides, and the later one gets the id of the first.
/// </summary>
public static class LedgerPosting
{
    /// <summary>Part of the caller's transaction, or a transaction of its own where there is none. Needs the fleet's scope.</summary>
    /// <exception cref="PostedOtherwiseException">The same effect was posted before with other lines.</exception>
    public static async Task<PostedJournal> PostAsync(this ControlPlaneDb db, JournalDraft draft, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is not null)
            return await WriteAsync(db, draft, by, clock, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var posted = await WriteAsync(db, draft, by, clock, cancel);
        await transaction.CommitAsync(cancel);
        return posted;
    }

    static async Task<PostedJournal> WriteAsync(ControlPlaneDb db, JournalDraft draft, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var accounts = await AccountsAsync(db, draft, cancel);
        var (source, id) = (draft.Source, JournalId.New(clock));
        var written = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO journals (id, source_type, source_id, kind, seq, line_count, effective_at, posted_at, contract_version_ids, reverses, correlation, actor, provider, mode, memo)
            VALUES ({id.Value}, {source.Type}, {source.Id}, {draft.Kind.ToText()}, {source.Seq}, {draft.Lines.Count}, {source.EffectiveAt.ToUniversalTime()}, {clock.GetUtcNow()},
                {draft.Contracts.Select(c => c.Value).ToArray()}, {draft.Reverses?.Value}, {source.Correlation}, {by.Actor}, {by.Provider}, {by.Mode.ToText()}, {source.Memo})
            ON CONFLICT (source_type, source_id, kind, seq) DO NOTHING
            """,
            cancel);
        if (written == 0)
            return new PostedJournal(await FirstAsync(db, draft, accounts, cancel), IsNew: false);

        var (accountIds, currencies, amounts) = (accounts, draft.Lines.Select(l => l.Amount.Currency.Code).ToArray(), draft.Lines.Select(l => l.Amount.Minor).ToArray());
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO entries (journal_id, line, account_id, currency, amount)
            SELECT {id.Value}, line, account_id, currency, amount FROM unnest({accountIds}, {currencies}, {amounts}) WITH ORDINALITY AS given (account_id, currency, amount, line)
            """,
            cancel);
        return new PostedJournal(id, IsNew: true);
    }

    /// <summary>The accounts' ids in the order of the lines; those that nobody used before are opened.</summary>
    static async Task<int[]> AccountsAsync(ControlPlaneDb db, JournalDraft draft, CancellationToken cancel)
    {
        List<(string Code, string Owner, string Currency)> wanted = [.. draft.Lines.Select(l => (l.Account.Code.ToText(), l.Account.Owner, l.Amount.Currency.Code))];
        var known = await FindAsync(db, wanted, cancel);
        if (wanted.Any(key => !known.ContainsKey(key)))
        {
            var (codes, owners, currencies) = (wanted.Select(w => w.Code).ToArray(), wanted.Select(w => w.Owner).ToArray(), wanted.Select(w => w.Currency).ToArray());
            var kinds = draft.Lines.Select(l => l.Account.Code.Kind().ToText()).ToArray();
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO ledger_accounts (code, party_id, currency, kind) SELECT * FROM unnest({codes}, {owners}, {currencies}, {kinds}) AS given (code, party_id, currency, kind)
                ORDER BY code, party_id, currency ON CONFLICT (code, party_id, currency) DO NOTHING
                """,
                cancel);
            known = await FindAsync(db, wanted, cancel);
        }
        return [.. wanted.Select(key => known[key])];
    }

    static async Task<Dictionary<(string Code, string Owner, string Currency), int>> FindAsync(
        ControlPlaneDb db, List<(string Code, string Owner, string Currency)> wanted, CancellationToken cancel)
    {
        var (codes, owners) = (wanted.Select(w => w.Code).Distinct().ToArray(), wanted.Select(w => w.Owner).Distinct().ToArray());
        return await db.LedgerAccounts.AsNoTracking().Where(a => codes.Contains(a.Code) && owners.Contains(a.PartyId))
            .ToDictionaryAsync(a => (a.Code, a.PartyId, a.Currency), a => a.Id, cancel);
    }

    static async Task<JournalId> FirstAsync(ControlPlaneDb db, JournalDraft draft, int[] accounts, CancellationToken cancel)
    {
        var source = draft.Source;
        var first = await db.Journals.AsNoTracking().Where(j => j.SourceType == source.Type && j.SourceId == source.Id && j.Kind == draft.Kind && j.Seq == source.Seq)
            .Select(j => j.Id).SingleAsync(cancel);
        var lines = await db.Entries.AsNoTracking().Where(e => e.JournalId == first).Select(e => new { e.AccountId, e.Amount }).ToListAsync(cancel);
        var isSame = lines.Select(l => (l.AccountId, l.Amount)).ToHashSet().SetEquals(accounts.Zip(draft.Lines, (account, line) => (account, line.Amount.Minor)));
        return isSame ? first : throw new PostedOtherwiseException($"{draft.Kind} {source.Seq} of {source.Type} {source.Id} was posted as {first} with other lines");
    }
}
