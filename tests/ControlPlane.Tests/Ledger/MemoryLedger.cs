using ControlPlane.Core.Billing;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;

namespace ControlPlane.Tests.Ledger;

/// <summary>Something that happens to one of a few payments, with a number that says how much.</summary>
enum EventKind
{
    Pay,
    Refund,
    FailRefund,
    Release,
    PayOut,
    ReturnPayout,
}

readonly record struct LedgerEvent(EventKind Kind, int Payment, int Size);

/// <summary>The posting functions over a dictionary: what the database's ledger does to amounts, without the database.</summary>
sealed class MemoryLedger(ShareContract[] contracts)
{
    const long fee = 172;

    readonly Dictionary<(AccountKey, Currency), long> balances = [];
    readonly Dictionary<int, Payment> payments = [];
    readonly HashSet<(string, string, JournalKind, int)> posted = [];
    int journals;

    internal IReadOnlyDictionary<(AccountKey, Currency), long> Balances => balances;

    internal void Play(IEnumerable<LedgerEvent> events)
    {
        foreach (var happened in events)
            Play(happened);
    }

    void Play(LedgerEvent happened)
    {
        if (happened.Kind == EventKind.Pay)
        {
            Pay(happened);
            return;
        }
        if (!payments.TryGetValue(happened.Payment, out var payment))
            return;
        switch (happened.Kind)
        {
            case EventKind.Refund:
                Reverse(payment, Math.Min(payment.Price, payment.Refunded + happened.Size), happened.Payment);
                break;
            case EventKind.FailRefund:
                Reverse(payment, Math.Max(0, payment.Refunded - happened.Size), happened.Payment);
                break;
            case EventKind.Release:
                Release(payment, happened);
                break;
            case EventKind.PayOut:
                PayOut(payment);
                break;
            case EventKind.ReturnPayout:
                foreach (var party in payment.Positions.Select(p => p.Party).Where(p => Owed(p.InPayout) > 0))
                    Post(PayoutPostings.PayoutReversed(Next("payout"), party, null, Usd(Owed(party.InPayout))));
                break;
            case EventKind.Pay:
            default:
                break;
        }
    }

    /// <summary>All of it goes back.</summary>
    internal void RefundEverything()
    {
        foreach (var (id, payment) in payments)
            Reverse(payment, payment.Price, id);
    }

    internal void CheckPayments()
    {
        foreach (var payment in payments.Values)
        {
            if (payment.Split.Shares.Sum(s => s.Amount.Minor) + payment.Split.Operator.Minor != payment.Price - Math.Min(fee, payment.Price))
                throw new InvalidOperationException($"the shares of {payment.Price} do not sum to it less its fee");
            foreach (var share in payment.Split.Shares)
                if (share.Parts.Sum(p => p.Minor) != share.Amount.Minor)
                    throw new InvalidOperationException($"the contracts' parts of {share.Amount} do not sum to it");
        }
    }

    internal long Owed(AccountKey account) => -balances.GetValueOrDefault((account, Currency.Usd));

    internal IEnumerable<SharePosition> Positions => payments.Values.SelectMany(p => p.Positions);

    void Pay(LedgerEvent happened)
    {
        if (payments.ContainsKey(happened.Payment))
            return;
        var (price, at) = ((long)happened.Size, DateTimeOffset.UnixEpoch.AddDays(happened.Payment));
        var feeOf = Math.Min(fee, price);
        var split = RevenueSplit.Split(new Sale("c", "r", Usd(price), Usd(feeOf), price, [new SoldLine("faktory", "pro", price, 1, at, at.AddMonths(1))]), contracts);
        payments.Add(happened.Payment, new Payment(price, split) { Positions = [.. split.Shares.Select(s => SharePosition.Earned(s.Party, s.Amount))] });
        Post(CustomerPostings.Payment(Next("payment"), AccountCode.Bank, "c", Usd(price), Usd(0), Usd(feeOf), Usd(0)));
        Post(SharePostings.Shares(Next("payment"), split));
    }

    void Reverse(Payment payment, long refunded, int id)
    {
        Post(refunded == payment.Refunded ? null : CustomerPostings.Refund(Next("refund"), AccountCode.Bank, Usd(refunded - payment.Refunded), Usd(0), Usd(refunded - payment.Refunded)));
        Post(SharePostings.ShareReversal(Next($"refund of {id}"), payment.Positions, refunded, payment.Price));
        payment.Positions = [.. payment.Positions.Select(p => p.AfterReversal(refunded, payment.Price))];
        payment.Refunded = refunded;
    }

    void Release(Payment payment, LedgerEvent happened)
    {
        payment.Part = Math.Min(12, payment.Part + happened.Size % 4);
        foreach (var position in payment.Positions)
            Post(SharePostings.Release(Next("share"), position, payment.Part, 12));
        payment.Positions = [.. payment.Positions.Select(p => p.AfterRelease(payment.Part, 12))];
    }

    void PayOut(Payment payment)
    {
        foreach (var party in payment.Positions.Select(p => p.Party))
            if (ShareTerms.PayoutDue(Usd(Owed(party.Payable)), 500) is { IsZero: false } due)
                Post(PayoutPostings.Payout(Next("payout"), party, due));
    }

    void Post(JournalDraft? draft)
    {
        if (draft is null)
            return;
        if (!posted.Add((draft.Source.Type, draft.Source.Id, draft.Kind, draft.Source.Seq)))
            throw new InvalidOperationException($"{draft.Source} twice");
        if (draft.Lines.Sum(l => l.Amount.Minor) != 0)
            throw new InvalidOperationException($"{draft.Kind} does not sum to zero");
        foreach (var line in draft.Lines)
            balances[(line.Account, line.Amount.Currency)] = checked(balances.GetValueOrDefault((line.Account, line.Amount.Currency)) + line.Amount.Minor);
    }

    JournalSource Next(string type) => new(type, $"{++journals}", DateTimeOffset.UnixEpoch);

    static Money Usd(long minor) => new(minor, Currency.Usd);

    sealed class Payment(long price, SplitResult split)
    {
        internal long Price => price;
        internal SplitResult Split => split;
        internal List<SharePosition> Positions { get; set; } = [];
        internal long Refunded { get; set; }
        internal int Part { get; set; }
    }
}
