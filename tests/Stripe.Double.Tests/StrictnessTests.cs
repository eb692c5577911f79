namespace Stripe.Double.Tests;

public sealed class StrictnessTests
{
    [Fact]
    public async Task An_unknown_parameter_is_refused_by_name()
    {
        await using var shop = await Shop.OpenAsync();
        var options = new CustomerCreateOptions();
        options.AddExtraParam("colour", "blue");
        var refused = await Should.ThrowAsync<StripeException>(shop.Api.Customers.CreateAsync(options));
        (refused.StripeError.Code, refused.StripeError.Param).ShouldBe(("parameter_unknown", "colour"));
        var nested = new SubscriptionCreateOptions { Customer = "cus_x", Items = [new() { Price = "price_x" }] };
        nested.AddExtraParam("trial_settings[end_behaviour]", "cancel");
        (await Should.ThrowAsync<StripeException>(shop.Api.Subscriptions.CreateAsync(nested))).StripeError.Param.ShouldBe("trial_settings[end_behaviour]");
    }

    [Fact]
    public async Task A_word_that_an_enum_lacks_is_refused()
    {
        await using var shop = await Shop.OpenAsync();
        var price = await shop.PriceAsync(1000);
        var refused = await Should.ThrowAsync<StripeException>(shop.SubscribeAsync(await shop.CustomerAsync(), price, with: options => options.PaymentBehavior = "maybe"));
        refused.StripeError.Message.ShouldBe("Invalid payment_behavior: must be one of allow_incomplete, default_incomplete, error_if_incomplete, pending_if_incomplete");
        await Should.ThrowAsync<StripeException>(shop.Api.WebhookEndpoints.CreateAsync(new() { Url = "http://127.0.0.1:1/", EnabledEvents = ["invoice.payed"] }));
    }

    [Fact]
    public async Task A_price_cannot_change_its_amount()
    {
        await using var shop = await Shop.OpenAsync();
        var price = await shop.PriceAsync(1000);
        var options = new PriceUpdateOptions();
        options.AddExtraParam("unit_amount", 2000);
        (await Should.ThrowAsync<StripeException>(shop.Api.Prices.UpdateAsync(price.Id, options))).StripeError.Code.ShouldBe("parameter_unknown");
    }

    [Fact]
    public async Task What_the_double_cannot_do_it_says()
    {
        await using var shop = await Shop.OpenAsync();
        var price = await shop.PriceAsync(1000);
        (await Should.ThrowAsync<StripeException>(shop.SubscribeAsync(await shop.CustomerAsync(), price, with: options => options.ApplicationFeePercent = 5))).StripeError.Message.ShouldContain("does not support");
        (await Should.ThrowAsync<StripeException>(shop.Api.SubscriptionSchedules.ListAsync())).StripeError.Message.ShouldContain("Unrecognized request URL");
    }

    [Fact]
    public async Task Another_key_is_not_let_in()
    {
        await using var shop = await Shop.OpenAsync();
        var other = new StripeClient(new StripeClientOptions { ApiKey = "sk_test_123", ApiBase = shop.Double.BaseUrl });
        (await Should.ThrowAsync<StripeException>(other.V1.Customers.ListAsync())).HttpStatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("http://192.0.2.1:80", "sk_double_x")]
    [InlineData("http://127.0.0.1:0", "sk_live_x")]
    public async Task It_listens_on_loopback_only_and_takes_a_doubles_key_only(string listen, string key) =>
        await Should.ThrowAsync<ArgumentException>(() => StripeDouble.StartAsync(new() { Clock = TimeProvider.System, Listen = new(listen), ApiKey = key }));

    [Fact]
    public async Task Clearing_a_value_is_not_leaving_it_alone()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.Api.Customers.CreateAsync(new() { Name = "Ada", Description = "first" });
        var options = new CustomerUpdateOptions();
        options.AddExtraParam("description", "");
        var cleared = await shop.Api.Customers.UpdateAsync(customer.Id, options);
        (cleared.Name, cleared.Description).ShouldBe(("Ada", null));
    }

    [Fact]
    public async Task Metadata_has_a_limit_on_both_sides()
    {
        await using var shop = await Shop.OpenAsync();
        Task<Customer> With(int pairs, int length) => shop.Api.Customers.CreateAsync(new() { Metadata = Enumerable.Range(0, pairs).ToDictionary(i => $"k{i}", _ => new string('x', length)) });
        (await With(50, 500)).Metadata.Count.ShouldBe(50);
        await Should.ThrowAsync<StripeException>(With(51, 1));
        await Should.ThrowAsync<StripeException>(With(1, 501));
    }
}
