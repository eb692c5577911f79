using System.Diagnostics.Metrics;
using ControlPlane.Client;
using ControlPlane.Core.Ledger;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Stripe.Double.Objects;
using Stripe.Double.Webhooks;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>
/// Five months of customers at Stripe, told twice: once in order and whole, and once shuffled, repeated, late, lost, signed wrongly or too long ago, without a version or of another train. What is
/// stored in the end is the same to the cent.
/// </summary>
public sealed class FaultyDeliveryTests(PostgresFixture postgres)
{
    const int customers = 6, months = 5;
    const int deliveriesMin = 1000;

    static readonly WebhookFaultKind[] kinds =
    [
        WebhookFaultKind.Duplicate, WebhookFaultKind.Duplicate, WebhookFaultKind.Reorder, WebhookFaultKind.Reorder, WebhookFaultKind.Delay, WebhookFaultKind.Drop, WebhookFaultKind.Lose, WebhookFaultKind.WrongSecret,
        WebhookFaultKind.OldTimestamp, WebhookFaultKind.NullVersion, WebhookFaultKind.OtherTrain, WebhookFaultKind.HangUp,
    ];

    [Fact]
    public async Task A_thousand_deliveries_that_go_wrong_in_every_way_end_where_those_that_do_not_end()
    {
        const int seed = 34;
        var (clean, _, looks) = await LiveAsync(chaos: null);
        looks.ShouldBeEmpty();

        var (faulty, deliveries, differences) = await LiveAsync(new Random(seed));

        TestContext.Current.SendDiagnosticMessage($"seed {seed}, {deliveries} deliveries");
        faulty.ShouldBe(clean);
        differences.ShouldBeEmpty();
        deliveries.ShouldBeGreaterThanOrEqualTo(deliveriesMin);
    }

    /// <returns>All that is stored, how many deliveries that took, and what a comparison with Stripe finds in the end.</returns>
    async Task<(string Stored, int Deliveries, List<string> Differences)> LiveAsync(Random? chaos)
    {
        await using var world = await DeliveredWorld.StartAsync(postgres);
        await world.World.Billing.AddContractAsync(PartyKind.Vendor, "acme", ControlPlane.Core.Ledger.Shares.ShareBasis.GrossExTax, 200_000);
        var deliveries = 0;
        using var arrivals = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                // Of this Api, and no other that runs beside it.
                if (instrument.Name == "billing.inbox.received" && instrument.Meter.Scope == world.Server.Services.GetRequired<IMeterFactory>())
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        arrivals.SetMeasurementEventCallback<long>((_, count, _, _) => deliveries += (int)count);
        arrivals.Start();
        await BeginAsync(world);
        for (var month = 0; month < months; month++)
        {
            world.World.Billing.Clock.Advance(TimeSpan.FromDays(month == 0 ? 3 : 31));
            await world.World.Stripe.NowAsync();
            await HappenAsync(world, month);
            await DeliverAsync(world, chaos);
        }
        world.World.Stripe.ClearFaults();
        // Whatever Stripe still tries again, and what it has given up.
        for (var day = 0; day < 4; day++)
        {
            world.World.Billing.Clock.Advance(TimeSpan.FromDays(1));
            await DeliverAsync(world, null);
        }
        await world.World.Server.Services.GetRequired<ControlPlane.Core.Billing.BillingRounds>().RunAsync(CancellationToken.None);
        await DeliverAsync(world, null);
        world.World.Billing.Clock.Advance(TimeSpan.FromDays(1));
        await DeliverAsync(world, null);
        await world.Reconciling.CompareAsync(CancellationToken.None);
        return (await StoredState.ReadAsync(world), deliveries, [.. (await world.DifferencesAsync()).Select(d => d.ToString())]);
    }

    static async Task BeginAsync(DeliveredWorld world)
    {
        string[] plans = ["hobby", "pro", "business"];
        for (var number = 0; number < customers; number++)
        {
            var customer = await world.Server.SignUpAsync($"c{number}@example.com", $"Customer {number}");
            var instance = await world.Server.AddRunningInstanceAsync(customer, $"jobs-{number}");
            var page = await customer.Client.CheckOutAsync(new CheckoutRequest(plans[number % plans.Length], instance.Id));
            await world.World.Stripe.CompleteCheckoutAsync(page.Address.Split('/')[^1]);
        }
        await world.DeliverAsync();
    }

    /// <summary>The same in both lives: refunds, some of which come back, disputes won and lost, a card that fails and is mended, customers who leave.</summary>
    static async Task HappenAsync(DeliveredWorld world, int month)
    {
        var (stripe, at) = (world.World.Stripe, world.World.At);
        // Chosen by whose they are: ids are not the same in both lives.
        var emails = (await at.Customers.ListAsync(new() { Limit = 100 })).Data.ToDictionary(c => c.Id, c => c.Email);
        var charges = (await at.Charges.ListAsync(new() { Limit = 100 })).Data.Where(c => c.Status == "succeeded" && c is { AmountRefunded: 0, Disputed: false }).OrderBy(c => c.Created).ThenBy(c => emails[c.CustomerId]).ToList();
        var subscriptions = (await at.Subscriptions.ListAsync(new() { Limit = 100 })).Data.OrderBy(s => emails[s.CustomerId]).ToList();
        await at.Refunds.CreateAsync(new() { Charge = charges[0].Id, Amount = 100 + month });
        await at.Refunds.CreateAsync(new() { Charge = charges[0].Id, Amount = 200 });
        var refund = await at.Refunds.CreateAsync(new() { Charge = charges[1].Id });
        if (month % 2 == 1)
            await stripe.FailRefundAsync(refund.Id);
        var dispute = await stripe.OpenDisputeAsync(charges[2].Id);
        var id = dispute["dispute"]?.GetValue<string>() ?? dispute["id"]!.GetValue<string>();
        if (month % 3 == 0)
            await stripe.WinDisputeAsync(id);
        else if (month % 3 == 1)
            await stripe.LoseDisputeAsync(id);
        var card = subscriptions[^1].DefaultPaymentMethodId;
        if (month == 2)
            await stripe.SetCardAsync(card, CardDoes.Decline);
        if (month == 3)
        {
            await stripe.SetCardAsync(card, CardDoes.Pay);
            foreach (var open in (await at.Invoices.ListAsync(new() { Status = "open" })).Data.OrderBy(i => emails[i.CustomerId]).ThenBy(i => i.Created))
                await at.Invoices.PayAsync(open.Id);
        }
        if (month == 4)
            await at.Subscriptions.UpdateAsync(subscriptions[0].Id, new() { CancelAtPeriodEnd = true });
    }

    static async Task DeliverAsync(DeliveredWorld world, Random? chaos)
    {
        if (chaos is null)
        {
            await world.DeliverAsync();
            await world.Reconciling.ReadEventsAsync(CancellationToken.None);
            await world.Applying.DrainAsync(CancellationToken.None);
            return;
        }
        for (var number = 0; number < 60; number++)
            world.World.Stripe.Plan(new WebhookFault { Kind = kinds[chaos.Next(kinds.Length)], Copies = 2 + chaos.Next(5), Delay = TimeSpan.FromHours(chaos.Next(1, 900)) });
        await world.DeliverAsync();
        // Stripe says some of it again, by somebody's click.
        var news = (await world.World.At.Events.ListAsync(new() { Limit = 100 })).Data;
        foreach (var happened in news.Concat(news).Where(_ => chaos.Next(8) != 0))
            await world.World.Stripe.RedeliverAsync(happened.Id);
        await world.DeliverAsync();
        await world.Reconciling.ReadEventsAsync(CancellationToken.None);
        await world.Applying.DrainAsync(CancellationToken.None);
    }
}
