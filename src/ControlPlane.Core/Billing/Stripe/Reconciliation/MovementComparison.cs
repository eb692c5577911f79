using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>
/// Yesterday's movements of Stripe's balance, each against the one journal that has its amount on the ledger's account for Stripe. What is compared is named by what moved: a charge, a refund, a
/// dispute, a transfer, a payout; a fee of Stripe's own by itself.
/// </summary>
sealed class MovementComparison(IStripeClient stripe) : IComparison
{
    const int PageMax = 100;

    public ComparedKind Kind => ComparedKind.BalanceTransaction;

    public async Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel)
    {
        var (notes, until) = (new ComparisonNotes(), new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero));
        var from = until.AddDays(-1);
        var service = new BalanceTransactionService(stripe);
        var moved = new Dictionary<string, List<BalanceTransaction>>();
        await foreach (var movement in service.ListAutoPagingAsync(
            new() { Limit = PageMax, Created = new DateRangeOptions { GreaterThanOrEqual = from.UtcDateTime, LessThan = until.UtcDateTime } }, cancellationToken: cancel))
            Add(moved, SubjectOf(movement), movement);
        foreach (var subject in open.Where(s => !moved.ContainsKey(s)))
            moved[subject] = await ReadAsync(service, subject, cancel);
        var booked = await db.ReadBookedAsync(from, until, moved, cancel);

        foreach (var (subject, movements) in moved)
            Compare(notes, subject, movements, booked.GetValueOrDefault(subject) ?? []);
        foreach (var (subject, lines) in booked.Where(b => !moved.ContainsKey(b.Key)))
        {
            // Booked on that day, and moved on another, or not at all.
            Compare(notes, subject, await ReadAsync(service, subject, cancel), lines);
        }
        return notes.ToCompared();
    }

    static void Compare(ComparisonNotes notes, string subject, List<BalanceTransaction> movements, List<BookedLine> lines)
    {
        notes.Look(subject);
        if (movements is [] && lines is not [])
            notes.MissingThere(subject, Say(lines.Select(l => (l.Currency, l.Minor))));
        var rest = lines.ToList();
        var unbooked = movements.Where(m => !rest.Remove(rest.Find(l => l.Currency.Equals(m.Currency, StringComparison.OrdinalIgnoreCase) && l.Minor == m.Net) ?? new("", 0))).ToList();
        if (unbooked is [])
            return;
        var theirs = Say(unbooked.Select(m => (m.Currency.ToUpperInvariant(), m.Net)));
        if (rest is [])
            notes.MissingHere(subject, $"{unbooked[0].Type} {theirs}", MendOf(unbooked[0], subject));
        else
            notes.Same(DifferenceClass.Amount, subject, Say(rest.Select(l => (l.Currency, l.Minor))), theirs);
    }

    static async Task<List<BalanceTransaction>> ReadAsync(BalanceTransactionService service, string subject, CancellationToken cancel)
    {
        try
        {
            if (subject.StartsWith("txn_", StringComparison.Ordinal))
                return [await service.GetAsync(subject, cancellationToken: cancel)];
            return (await service.ListAsync(new() { Source = subject, Limit = PageMax }, cancellationToken: cancel)).Data;
        }
        catch (StripeException error) when (error.StripeError?.Code == "resource_missing")
        {
            return [];
        }
    }

    /// <summary>What Stripe takes for itself has no object of its own.</summary>
    static string SubjectOf(BalanceTransaction movement) => movement.SourceId is { } source && PrefixOf(source) is "ch" or "py" or "re" or "pyr" or "dp" or "du" or "tr" or "trr" or "po" ? movement.SourceId : movement.Id;

    static InboxSubject? MendOf(BalanceTransaction movement, string subject) => PrefixOf(subject) switch
    {
        "ch" or "py" => new("charge", subject),
        "re" or "pyr" => new("refund", subject),
        "dp" or "du" => new("dispute", subject),
        "po" => new("payout", subject),
        "txn" => new("balance_transaction", movement.Id),
        // Made by hand at Stripe: nobody here knows for whom.
        _ => null,
    };

    static string PrefixOf(string id) => id.Split('_', 2)[0];

    static string Say(IEnumerable<(string Currency, long Minor)> amounts) => string.Join(", ", amounts.Select(a => new Money(a.Minor, Currency.Parse(a.Currency)).ToString()));

    static void Add(Dictionary<string, List<BalanceTransaction>> moved, string subject, BalanceTransaction movement)
    {
        if (!moved.TryGetValue(subject, out var list))
            moved[subject] = list = [];
        list.Add(movement);
    }
}

/// <param name="Minor">On the account for Stripe, debit above zero.</param>
sealed record BookedLine(string Currency, long Minor);

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

    /// <summary>Which of our rows stand for Stripe's objects. Ids are compared as text here, where both sides are few.</summary>
    static async Task<List<Named>> NameAsync(this ControlPlaneDb db, List<string> references, List<string> sources, CancellationToken cancel)
    {
        var paid = Ids.PrefixedIds.ParseAll<Ids.PaymentId>(sources);
        var refunded = Ids.PrefixedIds.ParseAll<Ids.RefundId>(sources);
        var disputed = Ids.PrefixedIds.ParseAll<Ids.DisputeId>(sources);
        var sent = Ids.PrefixedIds.ParseAll<Ids.PayoutId>(sources);
        var reversed = Ids.PrefixedIds.ParseAll<Ids.TransferReversalId>(sources);
        var names = new List<Named>();
        names.AddRange((await db.Payments.Where(p => p.Provider == BillingProvider.Stripe && (references.Contains(p.ProviderReference) || paid.Contains(p.Id))).Select(p => new { p.Id, p.ProviderReference }).ToListAsync(cancel))
            .Select(p => new Named(p.Id.ToString(), p.ProviderReference)));
        names.AddRange((await db.Refunds.Where(r => r.ProviderReference != null && (references.Contains(r.ProviderReference) || refunded.Contains(r.Id))).Select(r => new { r.Id, r.ProviderReference }).ToListAsync(cancel))
            .Select(r => new Named(r.Id.ToString(), r.ProviderReference!)));
        names.AddRange((await db.Disputes.Where(d => references.Contains(d.ProviderReference) || disputed.Contains(d.Id)).Select(d => new { d.Id, d.ProviderReference }).ToListAsync(cancel))
            .Select(d => new Named(d.Id.ToString(), d.ProviderReference)));
        names.AddRange((await db.Payouts.Where(p => p.Rail == Ledger.Payouts.PayoutRail.StripeTransfer && p.Reference != null && (references.Contains(p.Reference) || sent.Contains(p.Id))).Select(p => new { p.Id, p.Reference }).ToListAsync(cancel))
            .Select(p => new Named(p.Id.ToString(), p.Reference!)));
        names.AddRange((await db.TransferReversals.Where(r => r.Reference != null && (references.Contains(r.Reference) || reversed.Contains(r.Id))).Select(r => new { r.Id, r.Reference }).ToListAsync(cancel))
            .Select(r => new Named(r.Id.ToString(), r.Reference!)));
        // Payouts to the bank and Stripe's own fees are journals about Stripe's own ids.
        names.AddRange(references.Concat(sources).Where(r => r.StartsWith("po_", StringComparison.Ordinal) || r.StartsWith("txn_", StringComparison.Ordinal)).Distinct().Select(r => new Named(r, r)));
        return names;
    }
}
