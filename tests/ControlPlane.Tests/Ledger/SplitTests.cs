using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using CsCheck;

namespace ControlPlane.Tests.Ledger;

public sealed class SplitTests
{
    const long cases = 100_000;
    static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly Party reseller = new(PartyKind.Reseller, "org_r");

    static readonly Gen<Sale> sales =
        from prices in Gen.Long[1, 5_000_000].Array[1, 5]
        from tax in Gen.Long[0, 1_000_000]
        from fee in Gen.Long[0, 2_000_000]
        from share in Gen.Long[1, 1000]
        let total = prices.Sum() + tax
        let cash = Math.Max(1, total * share / 1000)
        select SaleOf(cash, fee, total, prices);

    static readonly Gen<ShareContract[]> terms =
        from vendor in Gen.Int[0, 500_000]
        from rate in Gen.Int[0, 500_000]
        from basis in Gen.Int[0, 2].Select(i => (ShareBasis)i)
        select (ShareContract[])[Contract(PartyKind.Vendor, ShareBasis.GrossExTax, vendor), Contract(PartyKind.Reseller, basis, rate)];

    [Theory]
    [InlineData(ShareBasis.NetOfFees, 980, 1182, 2566)]
    [InlineData(ShareBasis.NetOfFeesAndVendor, 980, 937, 2811)]
    [InlineData(ShareBasis.GrossExTax, 980, 1225, 2523)]
    public void Forty_nine_dollars_are_divided_to_the_cent(ShareBasis basis, long vendor, long sold, long rest)
    {
        // Fee 1.72; vendor 20 % of gross; reseller 25 %: the two readings of "net" are 2.45 apart.
        var split = RevenueSplit.Split(SaleOf(4900, 172, 4900, 4900), [Contract(PartyKind.Vendor, ShareBasis.GrossExTax, 200_000), Contract(PartyKind.Reseller, basis, 250_000)]);

        split.Pool.Minor.ShouldBe(4728);
        split.Shares.Select(s => s.Amount.Minor).Append(split.Operator.Minor).ShouldBe([vendor, sold, rest]);
    }

    [Fact]
    public void A_tie_goes_to_the_vendor_then_to_the_reseller()
    {
        var half = RevenueSplit.Split(SaleOf(2, 0, 2, 2), [Contract(PartyKind.Vendor, ShareBasis.GrossExTax, 250_000), Contract(PartyKind.Reseller, ShareBasis.GrossExTax, 250_000)]);
        half.Shares.Single().ShouldSatisfyAllConditions(s => s.Party.Kind.ShouldBe(PartyKind.Vendor), s => s.Amount.Minor.ShouldBe(1));
        half.Operator.Minor.ShouldBe(1);

        var three = RevenueSplit.Split(SaleOf(1, 0, 1, 1), [Contract(PartyKind.Reseller, ShareBasis.GrossExTax, 500_000)]);
        three.Shares.Single().Amount.Minor.ShouldBe(1);
        three.Operator.Minor.ShouldBe(0);
    }

    [Fact]
    public void The_version_valid_when_the_service_began_counts()
    {
        var old = Contract(PartyKind.Reseller, ShareBasis.GrossExTax, 100_000, from: start.AddYears(-1), to: start.AddDays(10));
        var next = Contract(PartyKind.Reseller, ShareBasis.GrossExTax, 200_000, from: start.AddDays(10));

        RevenueSplit.Split(SaleOf(1000, 0, 1000, 1000), [next, old]).Shares.Single().Amount.Minor.ShouldBe(100);
    }

    [Fact]
    public void A_contract_per_unit_in_another_currency_is_refused() =>
        Should.Throw<InvalidOperationException>(() => RevenueSplit.Split(SaleOf(1000, 0, 1000, 1000), [Contract(PartyKind.Reseller, ShareBasis.PerUnit, null, 100, "EUR")]));

    [Fact]
    public void Shares_sum_to_cash_minus_fee_and_journals_to_zero() => Gen.Select(sales, terms).Sample((sale, contracts) =>
    {
        var split = RevenueSplit.Split(sale, contracts);
        (split.Shares.Sum(s => s.Amount.Minor) + split.Operator.Minor).ShouldBe(sale.Cash.Minor - sale.Tax.Minor - sale.Fee.Minor);
        if (SharePostings.Shares(Source("ch_1"), split) is { } journal)
            ShouldBalance(journal);
    }, iter: cases);

    [Fact]
    public void Refunds_in_any_parts_among_releases_return_every_party_to_zero() =>
        Gen.Select(Gen.Long[1, 10_000_000], Gen.Long[1, 10_000_000], Gen.Long[0, 10_000_000].Array[0, 8], Gen.Int[0, 12].Array[0, 8]).Sample((share, original, refunds, months) =>
        {
            var position = SharePosition.Earned(reseller, new Money(share, Currency.Usd));
            var (refunded, month) = (0L, 0);
            for (var i = 0; i < Math.Max(refunds.Length, months.Length); i++)
            {
                month = Math.Max(month, months.ElementAtOrDefault(i));
                position = position.AfterRelease(month, 12);
                refunded = Math.Min(original, refunded + refunds.ElementAtOrDefault(i));
                if (SharePostings.ShareReversal(Source("re_1"), [position], refunded, original) is { } journal)
                    ShouldBalance(journal);
                position = position.AfterReversal(refunded, original);
                position.Held.ShouldBeGreaterThanOrEqualTo(0);
            }
            position = position.AfterReversal(original, original);
            (position.Held, position.Payable).ShouldBe((0, 0));
        }, iter: cases);

    [Fact]
    public void Every_month_together_releases_all() => Gen.Select(Gen.Long[1, long.MaxValue], Gen.Int[1, 36]).Sample((share, parts) =>
    {
        var position = SharePosition.Earned(reseller, new Money(share, Currency.Usd));
        for (var part = 1; part <= parts; part++)
            position = position.AfterRelease(part, parts);
        (position.Held, position.Payable).ShouldBe((0, share));
    }, iter: cases);

    [Fact]
    public void Every_posting_sums_to_zero() => Gen.Select(Gen.Long[1, 1_000_000], Gen.Long[1, 1_000_000], Gen.Long[1, 1_000_000], Gen.Long[1, 1_000_000]).Sample((a, b, c, d) =>
    {
        var (w, x, y, z) = (Usd(a), Usd(b), Usd(c), Usd(d));
        var s = Source("any");
        JournalDraft[] journals =
        [
            CustomerPostings.Payment(s, AccountCode.Stripe, "org_c", w + x, x, y, z), CustomerPostings.Issue(s, "org_c", w + x, x, Usd(Math.Min(a, d))),
            CustomerPostings.Receipt(s, AccountCode.Bank, "org_c", w, x, y), CustomerPostings.Refund(s, AccountCode.Stripe, w, x, y), CustomerPostings.CreditNote(s, "org_c", w, x, y),
            CustomerPostings.Void(s, "org_c", w + x, x, y), CustomerPostings.WriteOff(s, "org_c", w, x), DisputePostings.Withdrawn(s, w, x), DisputePostings.Reinstated(s, w, x, y),
            DisputePostings.Lost(s, w, x, y), PayoutPostings.Payout(s, reseller, w), PayoutPostings.PayoutSettled(s, reseller, AccountCode.Stripe, w),
            PayoutPostings.PayoutReversed(s, reseller, null, w), PayoutPostings.Clawback(s, reseller, AccountCode.Receivable, w), PayoutPostings.WriteOff(s, reseller, w),
            PayoutPostings.Converted(s, AccountCode.Stripe, w, new Money(b, Currency.Eur)), SharePostings.FeesBorne(s, AccountCode.DisputeFee, [(reseller, w)])!,
        ];
        foreach (var journal in journals)
            ShouldBalance(journal);
    }, iter: cases);

    [Theory]
    [InlineData(-5, "USD", "-0.05")]
    [InlineData(500, "JPY", "500")]
    [InlineData(5120, "KWD", "5.120")]
    [InlineData(long.MinValue, "USD", "-92233720368547758.08")]
    public void An_amount_is_written_with_the_decimals_of_its_currency(long minor, string currency, string text) =>
        new Money(minor, Currency.Parse(currency)).ToMajorText().ShouldBe(text);

    [Fact]
    public void Money_neither_overflows_nor_mixes()
    {
        Should.Throw<OverflowException>(() => Usd(long.MaxValue) + Usd(1));
        Should.Throw<InvalidOperationException>(() => Usd(1) + new Money(1, Currency.Eur));
        new Money(1045, Currency.Parse("HUF")).PayablePart().Minor.ShouldBe(1000);
    }

    // Plain comparisons: the sentences of Shouldly cost milliseconds, a hundred thousand times.
    static void ShouldBalance(JournalDraft journal)
    {
        if (journal.Lines.GroupBy(l => l.Amount.Currency).Any(g => g.Sum(l => l.Amount.Minor) != 0) || journal.Lines.Any(l => l.Amount.Minor == 0))
            Assert.Fail($"{journal.Kind}: {string.Join(", ", journal.Lines)}");
    }

    static Money Usd(long minor) => new(minor, Currency.Usd);

    static JournalSource Source(string id) => new("charge", id, start);

    static Sale SaleOf(long cash, long fee, long total, params long[] prices) =>
        new("org_c", reseller.Id, Usd(cash), Usd(fee), total, [.. prices.Select(p => new SoldLine("faktory", "pro", p, 1, start, start.AddMonths(1)))]);

    static ShareContract Contract(PartyKind kind, ShareBasis basis, int? rate, long? each = null, string? currency = null, DateTimeOffset? from = null, DateTimeOffset? to = null) => new()
    {
        Id = ContractId.New(TimeProvider.System),
        PartyKind = kind,
        PartyId = kind == PartyKind.Vendor ? "vendor" : reseller.Id,
        Version = 1,
        Scope = ShareScope.All,
        Basis = basis,
        RatePpm = rate,
        FixedMinor = each,
        Currency = currency,
        ValidFrom = from ?? start.AddYears(-1),
        ValidTo = to,
        ApprovedBy = "test",
        CreatedAt = start,
    };
}
