namespace Stripe.Double.Tests;

public sealed class ClockTests
{
    [Fact]
    public async Task A_test_clock_moves_its_own_customers_only()
    {
        await using var shop = await Shop.OpenAsync();
        var clock = await shop.Api.TestHelpers.TestClocks.CreateAsync(new() { FrozenTime = Shop.Opening.UtcDateTime.AddDays(-5) });
        var price = await shop.PriceAsync(1000);
        var own = await shop.SubscribeAsync(await shop.CustomerAsync(testClock: clock.Id), price);
        var other = await shop.SubscribeAsync(await shop.CustomerAsync(), price);
        (own.Created, own.TestClockId).ShouldBe((Shop.Opening.UtcDateTime.AddDays(-5), clock.Id));
        var advanced = await shop.Api.TestHelpers.TestClocks.AdvanceAsync(clock.Id, new() { FrozenTime = Shop.Opening.UtcDateTime.AddDays(40) });
        advanced.Status.ShouldBe("ready");
        (await shop.Api.Invoices.ListAsync(new() { Subscription = own.Id })).Count().ShouldBe(2);
        (await shop.Api.Invoices.ListAsync(new() { Subscription = other.Id })).Count().ShouldBe(1);
        await shop.Api.TestHelpers.TestClocks.DeleteAsync(clock.Id);
        (await shop.Api.Subscriptions.GetAsync(own.Id)).Status.ShouldBe("canceled");
    }

    [Fact]
    public async Task The_given_clock_moves_the_double_too()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(1000));
        shop.Time.Advance(TimeSpan.FromDays(32));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Money_becomes_available_when_it_has_settled()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(10_000));
        var before = await shop.Api.Balance.GetAsync();
        (before.Pending.Single().Amount, before.Available.Single().Amount).ShouldBe((9680, 0));
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(2));
        (await shop.Api.Balance.GetAsync()).Available.Single().Amount.ShouldBe(9680);
        (await shop.EventTypesAsync()).ShouldContain("balance.available");
    }

    [Fact]
    public async Task A_snapshot_is_come_back_to_as_it_was()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(1000));
        var events = await shop.EventTypesAsync();
        // Over the wire and back, as the control API does it.
        var snapshot = System.Text.Json.Nodes.JsonNode.Parse((await shop.Double.SnapshotAsync()).ToJsonString())!.AsObject();
        async Task<List<string>> RunAsync()
        {
            await shop.Double.AdvanceAsync(TimeSpan.FromDays(100));
            await shop.Api.Subscriptions.CancelAsync(subscription.Id);
            return [.. (await shop.Api.Events.ListAsync(new() { Limit = 100 })).Select(happened => happened.Id)];
        }
        var first = await RunAsync();
        await shop.Double.RestoreAsync(snapshot);
        (await shop.EventTypesAsync()).ShouldBe(events);
        (await shop.Double.NowAsync()).ShouldBe(Shop.Opening);
        // Not only the state: the same story is told again with the same ids.
        (await RunAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task A_year_of_twenty_subscriptions_adds_up()
    {
        await using var shop = await Shop.OpenAsync();
        var price = await shop.PriceAsync(1000);
        for (var i = 0; i < 20; i++)
            await shop.SubscribeAsync(await shop.CustomerAsync(), price);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(364));
        long paid = 0;
        await foreach (var invoice in shop.Api.Invoices.ListAutoPagingAsync(new() { Status = "paid", Limit = 100 }))
            paid += invoice.AmountPaid;
        paid.ShouldBe(20 * 12 * 1000);
    }
}
