using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resources;

static class LedgerResources
{
    internal static ContractResource ToResource(this ShareContract c) => new(
        c.Id.ToString(), c.Party.ToString(), c.Version, c.Scope.ToText(), c.ScopeKey, c.Basis.ToText(), c.RatePpm, c.FixedMinor, c.Currency, c.ValidFrom, c.ValidTo, c.Priority, c.HoldDays, c.Release.ToText(),
        c.MinPayoutMinor, c.FeeOnRefund.ToText(), c.DisputeFee.ToText(), c.RateSelector.ToText(), c.DocumentRef, c.ApprovedBy, c.CreatedAt);

    /// <summary>With their lines, in the order given.</summary>
    internal static async Task<List<JournalResource>> ToResourcesAsync(this ControlPlaneDb db, IReadOnlyList<Journal> journals, CancellationToken cancel)
    {
        var ids = journals.Select(j => j.Id).ToList();
        var lines = await (from entry in db.Entries
                           join account in db.LedgerAccounts on entry.AccountId equals account.Id
                           where ids.Contains(entry.JournalId)
                           orderby entry.JournalId, entry.Line
                           select new { entry.JournalId, Line = new JournalLineResource(account.Code, account.PartyId, entry.Currency, entry.Amount) }).ToListAsync(cancel);
        var byJournal = lines.ToLookup(l => l.JournalId, l => l.Line);
        return [.. journals.Select(j => new JournalResource(
            j.Id.ToString(), j.Kind.ToText(), j.SourceType, j.SourceId, j.Seq, j.EffectiveAt, j.PostedAt, j.Correlation, j.Reverses?.ToString(), [.. j.ContractVersionIds.Select(c => new ContractId(c).ToString())],
            j.Actor, j.Provider, j.Mode.ToText(), j.Memo, [.. byJournal[j.Id]]))];
    }

    internal static async Task<JournalResource> ToResourceAsync(this ControlPlaneDb db, JournalId id, CancellationToken cancel) =>
        (await db.ToResourcesAsync([await db.Journals.AsNoTracking().SingleAsync(j => j.Id == id, cancel)], cancel)).Single();
}
