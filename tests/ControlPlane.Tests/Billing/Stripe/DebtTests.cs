using ControlPlane.Client;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Stripe.Double.Objects;

namespace ControlPlane.Tests.Billing.Stripe;

/// <summary>Cards that fail, and what that leads to.</summary>
public sealed class DebtTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_renewal_that_fails_leads_to_a_suspension_and_its_payment_undoes_it()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync();
        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Decline);
        await world.PassAsync(TimeSpan.FromDays(32));

        var renewal = (await world.Billing.InvoicesAsync())[^1];
        (renewal.State, renewal.OpenMinor).ShouldBe(("open", 2900));
        var failed = await world.Customer.GetBillingAsync();
        // Counted from the first attempt, an hour after the period began.
        (failed.Dunning.State, failed.Dunning.OverdueSince).ShouldBe(("past_due", BillingWorld.Start.AddMonths(1).AddHours(1)));
        await world.PassAsync(TimeSpan.FromDays(7));
        (await world.Customer.GetBillingAsync()).Dunning.ShouldSatisfyAllConditions(d => d.State.ShouldBe("restricted"), d => d.OverdueSince.ShouldBe(failed.Dunning.OverdueSince));
        await world.Customer.CreateInstanceAsync(new CreateInstanceRequest("second")).ShouldBeRefusedAsync("payment_overdue");
        await world.PassAsync(TimeSpan.FromDays(8));
        await world.Server.FinishOperationsAsync(instance.Id);
        await world.RunAsync();
        (await world.Customer.GetBillingAsync()).Dunning.State.ShouldBe("suspended");

        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Pay);
        await world.At.Invoices.PayAsync((await world.SubscriptionAsync()).LatestInvoiceId);
        await world.HearAsync();
        (await world.Customer.GetBillingAsync()).ShouldSatisfyAllConditions(b => b.Dunning.State.ShouldBe("current"), b => b.OpenMinor.ShouldBe(0));
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task What_is_deleted_for_debt_ends_at_Stripe_as_well()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        await world.SubscribeAsync();
        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Decline);
        await world.PassAsync(TimeSpan.FromDays(31 + 53), TimeSpan.FromDays(1));

        (await world.Customer.GetBillingAsync()).ShouldSatisfyAllConditions(b => b.Dunning.State.ShouldBe("deleted"), b => b.Items.ShouldBeEmpty(), b => b.OpenMinor.ShouldBe(0));
        (await world.SubscriptionAsync()).Status.ShouldBe("canceled");
        (await world.Billing.InvoicesAsync()).Skip(1).ShouldAllBe(i => i.State == "void");
        (await world.At.Invoices.ListAsync(new() { Status = "open" })).ShouldBeEmpty();
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task A_debt_that_was_paid_at_Stripe_unheard_deletes_nothing()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync();
        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Decline);
        await world.PassAsync(TimeSpan.FromDays(31 + 48), TimeSpan.FromDays(1));
        (await world.Customer.GetBillingAsync()).Dunning.State.ShouldBe("deletion_scheduled");

        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Pay);
        foreach (var open in await world.At.Invoices.ListAsync(new() { Status = "open" }))
            await world.At.Invoices.PayAsync(open.Id);
        await world.NewsAsync();
        world.Billing.Clock.Advance(TimeSpan.FromDays(5));
        await world.RunAsync();
        (await world.Customer.GetBillingAsync()).Dunning.State.ShouldBe("current");
        (await world.Customer.GetInstanceAsync(instance.Id)).State.ShouldNotBe("deleted");
    }
}
