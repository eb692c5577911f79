using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Invoices;
using CsCheck;

namespace ControlPlane.Tests.Billing;

public sealed class InvoiceDraftTests
{
    static readonly DateTimeOffset start = new(2026, 1, 31, 10, 0, 0, TimeSpan.Zero);

    static readonly Gen<DraftLine[]> lines = Gen.Long[-5_000_000, 5_000_000].Array[0, 8].Select(amounts => amounts.Select(LineOf).ToArray());

    static readonly Gen<Discount[]> discounts = Gen.OneOf(
        Gen.Int[1, 1_000_000].Select(ppm => new Discount("P", ppm, null)),
        Gen.Long[1, 3_000_000].Select(minor => new Discount("A", null, minor))).Array[0, 3];

    [Fact]
    public void Totals_are_the_sums_of_the_lines_and_no_discount_takes_a_line_below_zero() =>
        Gen.Select(lines, discounts, Gen.Int[0, 300_000]).Sample((given, off, rate) =>
        {
            var draft = InvoiceDraft.Of("USD", given, off, rate);
            draft.SubtotalMinor.ShouldBe(given.Sum(l => l.AmountMinor));
            draft.TotalMinor.ShouldBe(draft.Lines.Sum(l => l.ExTaxMinor + l.TaxMinor));
            draft.Lines.ShouldAllBe(l => l.Draft.AmountMinor > 0 ? l.DiscountMinor >= 0 && l.ExTaxMinor >= 0 : l.DiscountMinor == 0);
        }, iter: 100_000);

    [Fact]
    public void An_amount_is_taken_off_exactly_as_far_as_there_is_something_to_pay() =>
        Gen.Select(Gen.Long[1, 1_000_000].Array[1, 8], Gen.Long[1, 3_000_000]).Sample(
            (amounts, off) => InvoiceDraft.Of("USD", amounts.Select(LineOf), [new Discount("A", null, off)], 0).DiscountMinor == Math.Min(off, amounts.Sum()), iter: 100_000);

    [Fact]
    public void Percentages_apply_one_after_the_other() =>
        InvoiceDraft.Of("USD", [LineOf(10_000)], [new("A", 500_000, null), new("B", 100_000, null)], 190_000)
            .ShouldSatisfyAllConditions(d => d.DiscountMinor.ShouldBe(5_500), d => d.TaxMinor.ShouldBe(855), d => d.TotalMinor.ShouldBe(5_355));

    [Fact]
    public void Time_is_charged_to_the_second_halves_up()
    {
        var end = start.AddMonths(1);
        end.ShouldBe(new DateTimeOffset(2026, 2, 28, 10, 0, 0, TimeSpan.Zero));
        Proration.Of(2900, start, end, start).ShouldBe(2900);
        Proration.Of(2900, start, end, end).ShouldBe(0);
        Proration.Of(2900, start, end, start.AddDays(14)).ShouldBe(1450);
        // 28 days have 2419200 seconds; 1451 of 2900 cents begin after less than half of them.
        Proration.Of(2900, start, end, start.AddDays(14).AddSeconds(-1000)).ShouldBe(1451);
    }

    [Fact]
    public void A_later_moment_never_costs_more_and_two_parts_of_a_period_cost_its_price_to_a_cent() =>
        Gen.Select(Gen.Long[0, 10_000_000], Gen.Int[0, 28 * 86_400], Gen.Int[0, 28 * 86_400]).Sample(
            (price, one, other) =>
            {
                var (first, last) = (start.AddSeconds(Math.Min(one, other)), start.AddSeconds(Math.Max(one, other)));
                var end = start.AddMonths(1);
                Proration.Of(price, start, end, last).ShouldBeLessThanOrEqualTo(Proration.Of(price, start, end, first));
                var begun = Rounding.HalfAway(price, (long)(first - start).TotalSeconds, (long)(end - start).TotalSeconds);
                (begun + Proration.Of(price, start, end, first)).ShouldBeInRange(price, price + 1);
            }, iter: 100_000);

    static DraftLine LineOf(long amount) => new("line", "hosting", "pro", 1, null, 1, amount, start, start.AddMonths(1), false);
}
