using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <param name="Minor">On the account for Stripe, debit above zero.</param>
sealed record BookedLine(string Currency, long Minor);

/// <summary>What the ledger has booked on its account for Stripe, named as Stripe names what moved.</summary>
static class BookedMovements
{
    sealed record Named(string SourceId, string Reference);

    /// <summary>By Stripe's id of what moved: the lines that were booked for it, of those given at any time, and of all others within the window.</summary>
    internal static async Task<Dictionary<string, List<BookedLine>>> ReadBookedAsync<T>(
        this ControlPlaneDb db, DateTimeOffset from, DateTimeOffset until, Dictionary<string, T> moved, CancellationToken cancel)
    {
        var account = AccountCode.Stripe.ToText();
        var within = await (from journal in db.Journals
                            join entry in db.Entries on journal.Id equals entry.JournalId
                            join stripe in db.LedgerAccounts on entry.AccountId equals stripe.Id
                            where stripe.Code == account && journal.EffectiveAt >= @from && journal.EffectiveAt < until
                            select journal.SourceId).Distinct().ToListAsync(cancel);
        var references = moved.Keys.ToList();
        var names = await db.NameAsync(references, within, cancel);
        var sources = names.Select(n => n.SourceId).Distinct().ToList();
        var lines = await (from journal in db.Journals
                           join entry in db.Entries on journal.Id equals entry.JournalId
                           join stripe in db.LedgerAccounts on entry.AccountId equals stripe.Id
                           where stripe.Code == account && sources.Contains(journal.SourceId)
                           select new { journal.SourceId, entry.Currency, entry.Amount }).ToListAsync(cancel);
        var reference = names.GroupBy(n => n.SourceId).ToDictionary(g => g.Key, g => g.First().Reference);
        return lines.GroupBy(l => reference[l.SourceId]).ToDictionary(g => g.Key, g => g.Select(l => new BookedLine(l.Currency, l.Amount)).ToList());
    }

    /// <summary>Which of our rows stand for Stripe's objects.</summary>
    static async Task<List<Named>> NameAsync(this ControlPlaneDb db, List<string> references, List<string> sources, CancellationToken cancel)
    {
        var paid = PrefixedIds.ParseAll<PaymentId>(sources);
        var refunded = PrefixedIds.ParseAll<RefundId>(sources);
        var disputed = PrefixedIds.ParseAll<DisputeId>(sources);
        var sent = PrefixedIds.ParseAll<PayoutId>(sources);
        var reversed = PrefixedIds.ParseAll<TransferReversalId>(sources);
        var names = new List<Named>();
        names.AddRange((await db.Payments.Where(p => p.Provider == BillingProvider.Stripe && (references.Contains(p.ProviderReference) || paid.Contains(p.Id))).Select(p => new { p.Id, p.ProviderReference }).ToListAsync(cancel))
            .Select(p => new Named(p.Id.ToString(), p.ProviderReference)));
        names.AddRange((await db.Refunds.Where(r => r.ProviderReference != null && (references.Contains(r.ProviderReference) || refunded.Contains(r.Id))).Select(r => new { r.Id, r.ProviderReference }).ToListAsync(cancel))
            .Select(r => new Named(r.Id.ToString(), r.ProviderReference!)));
        names.AddRange((await db.Disputes.Where(d => references.Contains(d.ProviderReference) || disputed.Contains(d.Id)).Select(d => new { d.Id, d.ProviderReference }).ToListAsync(cancel))
            .Select(d => new Named(d.Id.ToString(), d.ProviderReference)));
        names.AddRange((await db.Payouts.Where(p => p.Rail == PayoutRail.StripeTransfer && p.Reference != null && (references.Contains(p.Reference) || sent.Contains(p.Id))).Select(p => new { p.Id, p.Reference }).ToListAsync(cancel))
            .Select(p => new Named(p.Id.ToString(), p.Reference!)));
        names.AddRange((await db.TransferReversals.Where(r => r.Reference != null && (references.Contains(r.Reference) || reversed.Contains(r.Id))).Select(r => new { r.Id, r.Reference }).ToListAsync(cancel))
            .Select(r => new Named(r.Id.ToString(), r.Reference!)));
        // Payouts to the bank and Stripe's own fees are journals about Stripe's own ids.
        names.AddRange(references.Concat(sources).Where(r => r.StartsWith("po_", StringComparison.Ordinal) || r.StartsWith("txn_", StringComparison.Ordinal)).Distinct().Select(r => new Named(r, r)));
        return names;
    }
}
