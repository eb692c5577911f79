using CsCheck;
using Stripe.Double.Invoicing;

namespace Stripe.Double.Tests;

public sealed class AmountTests
{
    static readonly string[] intervals = ["day", "week", "month", "year"];

    [Fact]
    public void A_division_gives_everything_and_nobody_more_than_a_unit_too_much() =>
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000].List[1, 12]).Where((_, weights) => weights.Sum() > 0).Sample((amount, weights) =>
        {
            var parts = Money.Divide(amount, weights);
            return parts.Sum() == amount && parts.Zip(weights).All(pair => Math.Abs(pair.First - (decimal)amount * pair.Second / weights.Sum()) < 1);
        });

    [Fact]
    public void A_period_ends_after_it_begins_and_the_next_begins_there() =>
        Gen.Select(Gen.Long[1_700_000_000, 1_900_000_000], Gen.Int[0, 3].Select(i => intervals[i]), Gen.Long[1, 12]).Sample((anchor, interval, count) =>
        {
            var first = Periods.Next(anchor, interval, count, anchor);
            return first > anchor && Periods.Next(anchor, interval, count, first - 1) == first && Periods.Next(anchor, interval, count, first) > first;
        });

    [Theory]
    [InlineData(1000, "eur", "usd", 1.1, 1100)]
    [InlineData(1000, "jpy", "usd", 0.0067, 670)]
    [InlineData(1000, "usd", "jpy", 150, 1500)]
    [InlineData(1000, "usd", "kwd", 0.3, 3000)]
    public void An_exchange_minds_how_many_digits_a_currency_has(long amount, string from, string to, double rate, long expected) =>
        Money.Exchange(amount, from, to, (decimal)rate).ShouldBe(expected);
}
