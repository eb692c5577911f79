using Stripe.Double.Webhooks;

namespace Stripe.Double.Tests;

public sealed class WebhookTests
{
    static async Task<(Shop Shop, Receiver Receiver)> OpenAsync()
    {
        var receiver = await Receiver.StartAsync("whsec_test", () => Shop.Opening.ToUnixTimeSeconds());
        return (await Shop.OpenAsync(options => options with { WebhookUrl = receiver.Url, WebhookSecret = "whsec_test" }), receiver);
    }

    [Fact]
    public async Task What_happens_is_told_signed_and_in_order()
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(1000));
        await shop.Double.DeliverAsync();
        receiver.Refused.ShouldBeEmpty();
        receiver.Accepted.Select(happened => happened.Type).ShouldBe(await shop.EventTypesAsync());
        receiver.Accepted.ShouldAllBe(happened => happened.ApiVersion == StripeConfiguration.ApiVersion);
        receiver.Accepted.Single(happened => happened.Type == "invoice.paid").Data.Object.ShouldBeOfType<Invoice>().AmountPaid.ShouldBe(1000);
        (await shop.Api.Events.ListAsync(new() { DeliverySuccess = false })).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_says_what_was_there_before()
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        var customer = await shop.CustomerAsync(card: null);
        await shop.Api.Customers.UpdateAsync(customer.Id, new() { Name = "Grace" });
        await shop.Double.DeliverAsync();
        var updated = receiver.Accepted.Last();
        ((string)updated.Data.PreviousAttributes["name"]).ShouldBe("Ada");
        ((Customer)updated.Data.Object).Name.ShouldBe("Grace");
    }

    [Fact]
    public async Task What_is_not_taken_comes_again_for_three_days()
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        receiver.Status = 500;
        await shop.CustomerAsync(card: null);
        await shop.Double.DeliverAsync();
        (await shop.Api.Events.ListAsync(new() { DeliverySuccess = false })).Single().PendingWebhooks.ShouldBe(1);
        for (var hour = 0; hour < 80; hour++)
        {
            await shop.Double.AdvanceAsync(TimeSpan.FromHours(1));
            await shop.Double.DeliverAsync();
        }
        receiver.Accepted.Count.ShouldBe(11);
        receiver.Status = 200;
        var left = (await shop.Api.Events.ListAsync(new() { DeliverySuccess = false })).Single();
        await shop.Double.RedeliverAsync(left.Id);
        receiver.Accepted.Count.ShouldBe(12);
    }

    [Fact]
    public async Task Held_events_wait()
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        shop.Double.HoldsWebhooks = true;
        await shop.CustomerAsync(card: null);
        receiver.Accepted.ShouldBeEmpty();
        (await shop.Double.DeliverAsync()).ShouldBe(1);
        receiver.Accepted.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(WebhookFaultKind.Duplicate, 2, 0)]
    [InlineData(WebhookFaultKind.Delay, 0, 0)]
    [InlineData(WebhookFaultKind.Drop, 0, 0)]
    [InlineData(WebhookFaultKind.Lose, 0, 0)]
    [InlineData(WebhookFaultKind.HangUp, 1, 0)]
    [InlineData(WebhookFaultKind.WrongSecret, 0, 1)]
    [InlineData(WebhookFaultKind.OldTimestamp, 0, 1)]
    [InlineData(WebhookFaultKind.NullVersion, 0, 1)]
    [InlineData(WebhookFaultKind.OtherTrain, 0, 1)]
    public async Task Each_fault_does_what_it_says_once(WebhookFaultKind kind, int accepted, int refused)
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        shop.Double.HoldsWebhooks = true;
        shop.Double.Plan(new WebhookFault { Kind = kind, EventType = "customer.*" });
        await shop.CustomerAsync(card: null);
        await shop.Double.DeliverAsync();
        (receiver.Accepted.Count, receiver.Refused.Count).ShouldBe((accepted, refused));
        await shop.Double.AdvanceAsync(TimeSpan.FromMinutes(11));
        await shop.Double.DeliverAsync();
        // All but a lost one arrive in the end; those that were taken without our knowing arrive twice.
        receiver.Accepted.Count.ShouldBe(kind switch { WebhookFaultKind.Lose => 0, WebhookFaultKind.Duplicate or WebhookFaultKind.HangUp => 2, _ => 1 });
    }

    [Fact]
    public async Task A_reordered_event_comes_last()
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        shop.Double.HoldsWebhooks = true;
        shop.Double.Plan(new WebhookFault { Kind = WebhookFaultKind.Reorder, EventType = "customer.created" });
        await shop.CustomerAsync();
        await shop.Double.DeliverAsync();
        receiver.Accepted.Select(happened => happened.Type).ShouldBe(["payment_method.attached", "customer.updated", "customer.created"]);
    }

    [Fact]
    public async Task A_receiver_may_ask_the_API_about_what_it_is_told()
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        var seen = new List<string>();
        shop.Double.WatchWebhooks(after: async attempt => seen.Add((await shop.Api.Events.GetAsync(attempt.EventId)).Type));
        shop.Double.HoldsWebhooks = true;
        await shop.CustomerAsync(card: null);
        await shop.Double.DeliverAsync();
        seen.ShouldBe(["customer.created"]);
    }

    [Fact]
    public async Task An_endpoint_gets_what_it_asked_for()
    {
        var (shop, receiver) = await OpenAsync();
        await using var _ = shop;
        await using var __ = receiver;
        await using var other = await Receiver.StartAsync("unknown", () => 0);
        var endpoint = await shop.Api.WebhookEndpoints.CreateAsync(new() { Url = other.Url.ToString(), EnabledEvents = ["product.created"] });
        endpoint.Secret.ShouldStartWith("whsec_");
        (await shop.Api.WebhookEndpoints.GetAsync(endpoint.Id)).Secret.ShouldBeNull();
        await shop.PriceAsync(1000);
        await shop.Double.DeliverAsync();
        other.Refused.Count.ShouldBe(1);
    }
}
