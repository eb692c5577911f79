using CsCheck;
using Stripe.Double.Invoicing;

namespace Stripe.Double.Tests;

public sealed class AmountTests
{
    [Fact]
    public void A_division_gives_everything_and_nobody_more_than_a_unit_too_much() =>
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000].List[1, 12]).Where((_, weights) => weights.Sum() > 0).Sample((amount, weights) =>
        {
            var parts = Money.Divide(amount, weights);
            return parts.Sum() == amount && parts.Zip(weights).All(pair => Math.Abs(pair.First - (decimal)amount * pair.Second / weights.Sum()) < 1);
        });

    [Fact]
    public void A_period_ends_after_it_begins_and_the_next_begins_there() =>
        Gen.Select(Gen.Long[1_700_000_000, 1_900_000_000], Gen.OneOfConst("day", "week", "month", "year"), Gen.Long[1, 12]).Sample((anchor, interval, count) =>
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

    [Fact]
    public async Task Whatever_is_changed_in_a_period_credits_never_exceed_debits()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync();
        var prices = new[] { await shop.PriceAsync(1000), await shop.PriceAsync(3333, name: "Team"), await shop.PriceAsync(9900, name: "Max") };
        var subscription = await shop.SubscribeAsync(customer, prices[0]);
        const int seed = 20260115;
        var random = new Random(seed);
        for (var step = 0; step < 12; step++)
        {
            await shop.Double.AdvanceAsync(TimeSpan.FromSeconds(random.Next(1, 200_000)));
            await shop.Api.Subscriptions.UpdateAsync(subscription.Id, new()
            {
                ProrationBehavior = random.Next(2) == 0 ? "always_invoice" : "create_prorations",
                Items = [new() { Id = subscription.Items.Single().Id, Price = prices[random.Next(3)].Id, Quantity = random.Next(1, 5) }],
            });
        }
        var lines = new List<InvoiceLineItem>();
        await foreach (var invoice in shop.Api.Invoices.ListAutoPagingAsync(new() { Subscription = subscription.Id }))
            lines.AddRange(await shop.Api.Invoices.LineItems.ListAsync(invoice.Id, new() { Limit = 100 }));
        lines.Where(line => line.Amount < 0).Sum(line => -line.Amount).ShouldBeLessThanOrEqualTo(lines.Where(line => line.Amount > 0).Sum(line => line.Amount), $"seed {seed}");
    }
}
