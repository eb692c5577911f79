using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Hosting;
using CsCheck;

namespace ControlPlane.Tests.Ledger;

/// <summary>Whatever happens in whatever order: 100,000 lives of a ledger in memory, and some against PostgreSQL with all of its rules.</summary>
public sealed class LedgerLifeTests(PostgresFixture postgres)
{
    const long cases = 100_000;
    const int stored = 12;

    static readonly Gen<LedgerEvent[]> lives =
        Gen.Select(Gen.Int[0, 5].Select(k => (EventKind)k), Gen.Int[0, 3], Gen.Int[1, 9_000], (kind, payment, size) => new LedgerEvent(kind, payment, size)).Array[1, 30];

    static readonly Gen<ShareContract[]> terms = Gen.Select(
        Gen.Int[0, 400_000], Gen.Int[0, 500_000], Gen.Int[0, 2],
        (vendor, reseller, basis) => (ShareContract[])[Contract(PartyKind.Vendor, "v", ShareBasis.GrossExTax, vendor), Contract(PartyKind.Reseller, "r", (ShareBasis)basis, reseller)]);

    [Fact]
    public void The_whole_ledger_sums_to_zero_and_shares_to_cash_less_fee() => Gen.Select(lives, terms).Sample((events, contracts) =>
    {
        var ledger = new MemoryLedger(contracts);
        ledger.Play(events);
        ledger.CheckPayments();
        return ledger.Balances.GroupBy(b => b.Key.Item2).All(currency => currency.Sum(b => b.Value) == 0)
            && ledger.Positions.All(p => p.Held >= 0);
    }, iter: cases);

    [Fact]
    public void Refunds_in_any_number_of_parts_leave_every_party_with_what_it_was_paid_and_owes_back() => Gen.Select(lives, terms).Sample((events, contracts) =>
    {
        var ledger = new MemoryLedger(contracts);
        ledger.Play(events);
        ledger.RefundEverything();
        // What is payable and what is in payout come to nothing together; nothing is held, and nothing was spent.
        return ledger.Positions.All(p => p.Held == 0 && p.Payable == 0)
            && ledger.Positions.Select(p => p.Party).Distinct().All(p => ledger.Owed(p.Held) == 0 && ledger.Owed(p.Payable) + ledger.Owed(p.InPayout) == 0 && ledger.Owed(p.Expense) == 0);
    }, iter: cases);

    [Fact]
    public void The_same_events_make_the_same_ledger() => Gen.Select(lives, terms).Sample((events, contracts) =>
    {
        var (first, second) = (new MemoryLedger(contracts), new MemoryLedger(contracts));
        first.Play(events);
        second.Play(events);
        return first.Balances.OrderBy(b => b.Key.ToString(), StringComparer.Ordinal).SequenceEqual(second.Balances.OrderBy(b => b.Key.ToString(), StringComparer.Ordinal));
    }, iter: cases / 2);

    [Fact]
    public Task Against_postgresql_the_same_events_make_the_same_balances_and_accruals_agree() => lives.SampleAsync(
        async events =>
        {
            var first = await PlayAsync(events);
            (await PlayAsync(events)).ShouldBe(first);
        },
        iter: stored, threads: 1);

    /// <summary>Each event in a transaction of its own; then each event's effect once more, which must change nothing.</summary>
    async Task<List<(string, string, string, long)>> PlayAsync(LedgerEvent[] events)
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        var refunded = new Dictionary<int, (long Price, long Refunded, int Seq)>();
        foreach (var happened in events)
        {
            world.Clock.Advance(TimeSpan.FromDays(happened.Size % 20));
            var payment = $"pay_{happened.Payment}";
            if (happened.Kind == EventKind.Pay && refunded.TryAdd(happened.Payment, (Math.Max(200, happened.Size), 0, 0)))
                await world.AccrueAsync(payment, Math.Max(200, happened.Size), happened.Size % 3 + 1);
            else if (happened.Kind is EventKind.Refund or EventKind.FailRefund && refunded.TryGetValue(happened.Payment, out var known))
            {
                var target = Math.Clamp(known.Refunded + (happened.Kind == EventKind.Refund ? happened.Size : -happened.Size), 0, known.Price);
                refunded[happened.Payment] = (known.Price, target, known.Seq + 1);
                await world.ReverseAsync(payment, $"re_{happened.Payment}", target, known.Price, known.Seq + 1);
                await world.ReverseAsync(payment, $"re_{happened.Payment}", target, known.Price, known.Seq + 1);
            }
            else if (happened.Kind == EventKind.Release)
                await world.ReleaseAsync();
            else if (happened.Kind == EventKind.PayOut)
                await world.RunPayoutsAsync();
        }
        await world.ShouldAgreeAsync();
        foreach (var (id, (price, _, seq)) in refunded)
            await world.ReverseAsync($"pay_{id}", $"re_{id}", price, price, seq + 1);
        foreach (var party in (Party[])[LedgerWorld.Vendor, LedgerWorld.Reseller])
            (await world.SumAsync(party.Expense)).ShouldBe(0);
        await world.ShouldAgreeAsync();
        return [.. (await world.ReadAsync(db => db.ReadBalancesAsync(null, CancellationToken.None))).Select(b => (b.Code, b.Owner, b.Currency, b.Minor))];
    }

    static ShareContract Contract(PartyKind kind, string party, ShareBasis basis, int rate) => new()
    {
        Id = ContractId.New(TimeProvider.System),
        PartyKind = kind,
        PartyId = party,
        Version = 1,
        Scope = ShareScope.All,
        Basis = basis,
        RatePpm = rate,
        ValidFrom = DateTimeOffset.UnixEpoch.AddYears(-1),
        ApprovedBy = "test",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
