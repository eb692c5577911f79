using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
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
