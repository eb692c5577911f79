using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Ledger;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Stripe;
using Stripe.Double;

namespace ControlPlane.Tests.Billing.Stripe;

/// <summary>The real Api that bills through the double, on one clock. Nobody delivers events: a test has them read, in what order and how often it likes.</summary>
sealed class StripeWorld : IAsyncDisposable
{
    string? lastEvent;

    StripeWorld(StripeDouble stripe, BillingWorld billing) => (Stripe, Billing, Client) = (stripe, billing, stripe.NewClient());

    internal StripeDouble Stripe { get; }
    internal StripeClient Client { get; }
    internal V1Services At => Client.V1;
    internal BillingWorld Billing { get; }
    internal ApiServer Server => Billing.Server;
    internal ControlPlaneClient Customer => Billing.Customer.Client;

    /// <summary>Every object that an event was about, in the order of the events.</summary>
    internal List<(string Type, string Id)> Heard { get; } = [];

    internal static async Task<StripeWorld> StartAsync(PostgresFixture postgres, Func<StripeDoubleOptions, StripeDoubleOptions>? with = null, params string[] settings)
    {
        var clock = new FakeTimeProvider(BillingWorld.Start);
        var options = new StripeDoubleOptions { Clock = clock };
        var stripe = await StripeDouble.StartAsync(with?.Invoke(options) ?? options);
        return new StripeWorld(stripe, await BillingWorld.StartAsync(postgres, clock, [.. SettingsFor(stripe), .. settings]));
    }

    internal static string[] SettingsFor(StripeDouble stripe) =>
        ["--environment=Development", "--Billing:Provider=stripe", $"--Billing:Stripe:Key={stripe.ApiKey}", $"--Billing:Stripe:Address={stripe.BaseUrl}"];

    /// <summary>A running instance of the customer's on the plan, which was paid for at Stripe's page.</summary>
    internal async Task<InstanceResource> SubscribeAsync(string plan = "pro", string card = "pm_card_visa")
    {
        var instance = await Server.AddRunningInstanceAsync(Billing.Customer);
        await CheckOutAsync(instance.Id, plan, card);
        return await Customer.GetInstanceAsync(instance.Id);
    }

    internal async Task CheckOutAsync(string instance, string plan, string card = "pm_card_visa")
    {
        var page = await Customer.CheckOutAsync(new CheckoutRequest(plan, instance));
        await Stripe.CompleteCheckoutAsync(page.Address.Split('/')[^1], card);
        await HearAsync();
    }

    /// <summary>Days pass; after each step what has happened at Stripe is heard, and what is on a clock runs.</summary>
    internal async Task PassAsync(TimeSpan time, TimeSpan? step = null)
    {
        var end = Billing.Clock.GetUtcNow() + time;
        while (Billing.Clock.GetUtcNow() < end)
        {
            var left = end - Billing.Clock.GetUtcNow();
            var next = step ?? TimeSpan.FromDays(1);
            Billing.Clock.Advance(next < left ? next : left);
            await Stripe.NowAsync();
            await HearAsync();
            await RunAsync();
        }
    }

    internal async Task RunAsync()
    {
        await Server.Services.GetRequiredService<BillingRounds>().RunAsync(CancellationToken.None);
        await HearAsync();
    }

    /// <summary>What has happened since the last time.</summary>
    internal async Task HearAsync()
    {
        var news = await NewsAsync();
        Heard.AddRange(news);
        await ConvergeAsync(Server, news);
    }

    internal async Task<List<(string Type, string Id)>> NewsAsync()
    {
        var news = new List<(string, string)>();
        // Newest first, up to the last one that was heard of.
        await foreach (var happened in At.Events.ListAutoPagingAsync(new() { Limit = 10 }))
        {
            if (happened.Id == lastEvent)
                break;
            if (happened.Data.Object is IHasId about)
                news.Add((happened.Data.Object.Object, about.Id));
        }
        lastEvent = (await At.Events.ListAsync(new() { Limit = 1 })).FirstOrDefault()?.Id;
        news.Reverse();
        return news;
    }

    /// <summary>Each in a transaction of its own, as the inbox does it.</summary>
    internal static async Task ConvergeAsync(ApiServer server, IEnumerable<(string Type, string Id)> objects)
    {
        var convergence = server.Services.GetRequiredService<IStripeConvergence>();
        foreach (var (type, id) in objects)
        {
            await using var fleet = server.Fleet();
            await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
            await convergence.ConvergeAsync(fleet.Db, type, id, CancellationToken.None);
            await fleet.Db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
    }

    /// <summary>What the ledger says Stripe holds is what Stripe says it holds.</summary>
    internal async Task ShouldHoldWhatStripeHoldsAsync()
    {
        var moved = new Dictionary<string, long>();
        await foreach (var transaction in At.BalanceTransactions.ListAutoPagingAsync(new() { Limit = 100 }))
            moved[transaction.Currency.ToUpperInvariant()] = moved.GetValueOrDefault(transaction.Currency.ToUpperInvariant()) + transaction.Net;
        await using var fleet = Server.Fleet();
        var held = (await fleet.Db.ReadBalancesAsync(null, CancellationToken.None)).Where(b => b.Code == "STRIPE").ToDictionary(b => b.Currency, b => b.Minor);
        held.ShouldBe(moved, ignoreOrder: true);
    }

    internal async Task<Subscription> SubscriptionAsync() => (await At.Subscriptions.ListAsync(new() { Status = "all", Limit = 1 })).Single();

    internal async Task<string> CardAsync() => (await SubscriptionAsync()).DefaultPaymentMethodId;

    public async ValueTask DisposeAsync()
    {
        await Billing.DisposeAsync();
        await Stripe.DisposeAsync();
    }
}
