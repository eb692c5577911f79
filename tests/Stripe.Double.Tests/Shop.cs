using Microsoft.Extensions.Time.Testing;

namespace Stripe.Double.Tests;

/// <summary>A double at a fixed time, the real SDK pointed at it, and short words for what most tests need first.</summary>
sealed class Shop : IAsyncDisposable
{
    internal static readonly DateTimeOffset Opening = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    Shop(StripeDouble stripe, FakeTimeProvider time)
    {
        Double = stripe;
        Time = time;
        Http = new HttpClient(new SelfCheck());
        Client = Connect(Http);
    }

    internal StripeDouble Double { get; }

    internal FakeTimeProvider Time { get; }

    internal HttpClient Http { get; }

    internal StripeClient Client { get; }

    internal V1Services Api => Client.V1;

    internal static async Task<Shop> OpenAsync(Func<StripeDoubleOptions, StripeDoubleOptions>? with = null)
    {
        var time = new FakeTimeProvider(Opening);
        var options = new StripeDoubleOptions { Clock = time };
        return new(await StripeDouble.StartAsync(with?.Invoke(options) ?? options), time);
    }

    internal StripeClient Connect(HttpClient http, int retries = 0) => new(new StripeClientOptions
    {
        ApiKey = Double.ApiKey,
        ApiBase = Double.BaseUrl,
        ConnectBase = Double.BaseUrl,
        FilesBase = Double.BaseUrl,
        MeterEventsBase = Double.BaseUrl,
        HttpClient = new SystemNetHttpClient(http, maxNetworkRetries: retries),
    });

    /// <summary>A customer who pays with the card, or with none.</summary>
    internal async Task<Customer> CustomerAsync(string? card = "pm_card_visa", string? testClock = null)
    {
        var customer = await Api.Customers.CreateAsync(new() { Email = "ada@example.com", Name = "Ada", TestClock = testClock });
        if (card is null)
            return customer;
        var method = await Api.PaymentMethods.AttachAsync(card, new() { Customer = customer.Id });
        return await Api.Customers.UpdateAsync(customer.Id, new() { InvoiceSettings = new() { DefaultPaymentMethod = method.Id } });
    }

    internal async Task<Price> PriceAsync(long amount, string interval = "month", string currency = "usd", string name = "Pro")
    {
        var product = await Api.Products.CreateAsync(new() { Name = name });
        return await Api.Prices.CreateAsync(new() { Product = product.Id, UnitAmount = amount, Currency = currency, Recurring = new() { Interval = interval } });
    }

    internal Task<Subscription> SubscribeAsync(Customer customer, Price price, long quantity = 1, Action<SubscriptionCreateOptions>? with = null)
    {
        var options = new SubscriptionCreateOptions { Customer = customer.Id, Items = [new() { Price = price.Id, Quantity = quantity }] };
        with?.Invoke(options);
        return Api.Subscriptions.CreateAsync(options);
    }

    internal async Task<List<string>> EventTypesAsync() => [.. (await Api.Events.ListAsync(new() { Limit = 100 })).Select(happened => happened.Type).Reverse()];

    public async ValueTask DisposeAsync()
    {
        await Double.DisposeAsync();
        Http.Dispose();
    }
}
