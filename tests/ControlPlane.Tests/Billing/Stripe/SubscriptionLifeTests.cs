using ControlPlane.Client;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Stripe.Double.Objects;

namespace ControlPlane.Tests.Billing.Stripe;

/// <summary>What a customer of Stripe's has and pays, from the first page to the last day.</summary>
public sealed class SubscriptionLifeTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_plan_begins_when_its_page_is_paid_and_not_before()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.Server.AddRunningInstanceAsync(world.Billing.Customer);
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro")).ShouldBeRefusedAsync("checkout_required");
        await world.Customer.CreateInstanceAsync(new CreateInstanceRequest("second", "pro")).ShouldBeRefusedAsync("checkout_required");

        var page = await world.Customer.CheckOutAsync(new CheckoutRequest("pro", instance.Id));
        page.ExpiresAt.ShouldBe(BillingWorld.Start.AddDays(1));
        await world.HearAsync();
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("free");
        await world.Stripe.CompleteCheckoutAsync(page.Address.Split('/')[^1]);
        await world.HearAsync();

        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
        var invoice = (await world.Billing.InvoicesAsync()).Single();
        invoice.ShouldSatisfyAllConditions(
            i => (i.State, i.Reason, i.TotalMinor, i.PaidMinor, i.Provider, i.Mode).ShouldBe(("paid", "start", 2900, 2900, "stripe", "simulated")), i => i.HostedAddress.ShouldStartWith("https://invoice.stripe.com/"),
            i => i.PdfAddress.ShouldNotBeNull(), i => i.Lines.Single().ShouldSatisfyAllConditions(l => l.Plan.ShouldBe("pro"), l => l.InstanceId.ShouldBe(instance.Id), l => l.Description.ShouldEndWith(" (orders)")), i => i.SettledAt.ShouldBe(BillingWorld.Start));
        var billing = await world.Customer.GetBillingAsync();
        (billing.Provider, billing.Mode, billing.PeriodStart, billing.PeriodEnd).ShouldBe(("stripe", "simulated", BillingWorld.Start, BillingWorld.Start.AddMonths(1)));
        billing.Items.Single().ShouldSatisfyAllConditions(i => i.State.ShouldBe("active"), i => i.InstanceId.ShouldBe(instance.Id));
        await world.Customer.CheckOutAsync(new CheckoutRequest("business", instance.Id)).ShouldBeRefusedAsync("subscription_running");
        (await world.Customer.OpenPaymentPageAsync()).Address.ShouldStartWith("https://billing.stripe.com/");
    }

    [Fact]
    public async Task A_larger_plan_costs_what_its_preview_shows_and_a_smaller_one_begins_with_the_next_period()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync("hobby");
        await world.PassAsync(TimeSpan.FromDays(10));

        var shown = await world.Customer.PreviewPlanChangeAsync(new PreviewRequest("pro", instance.Id));
        // March has 31 days, 21 of which are left.
        (shown.Kind, shown.TotalMinor).ShouldBe(("upgrade", 1355));
        shown.Lines.Select(l => l.AmountMinor).ShouldBe([-610, 1965]);
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro", null, shown.ProrationAt, shown.TotalMinor + 1)).ShouldBeRefusedAsync("preview_expired");
        world.Billing.Clock.Advance(TimeSpan.FromMinutes(9));
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro", null, shown.ProrationAt, shown.TotalMinor));
        (await world.Billing.InvoicesAsync())[^1].ShouldSatisfyAllConditions(i => i.TotalMinor.ShouldBe(1355), i => (i.State, i.Reason).ShouldBe(("paid", "change")));
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");

        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("hobby"));
        (await world.Customer.GetInstanceAsync(instance.Id)).ShouldSatisfyAllConditions(i => i.Plan.ShouldBe("pro"), i => i.NextPlan.ShouldBe("hobby"), i => i.NextPlanAt.ShouldBe(BillingWorld.Start.AddMonths(1)));
        await world.PassAsync(TimeSpan.FromDays(21) - TimeSpan.FromMinutes(39));
        // Half an hour before the end Stripe knows, and the customer still has what was paid for.
        (await world.SubscriptionAsync()).Items.First().Price.UnitAmount.ShouldBe(900);
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
        await world.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromHours(1));
        (await world.Customer.GetInstanceAsync(instance.Id)).ShouldSatisfyAllConditions(i => i.Plan.ShouldBe("hobby"), i => i.NextPlan.ShouldBeNull());
        (await world.Billing.InvoicesAsync())[^1].ShouldSatisfyAllConditions(i => i.TotalMinor.ShouldBe(900), i => (i.State, i.Reason).ShouldBe(("paid", "renewal")));
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task What_Stripe_was_not_told_of_before_it_renewed_is_made_from_the_start_of_the_period_that_it_charged()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync();
        var second = await world.Server.AddRunningInstanceAsync(world.Billing.Customer, "second", "hobby");
        await world.Customer.AddAddOnAsync(new AddAddOnRequest("storage-10gb", instance.Id, 2));
        var addOn = (await world.Customer.GetBillingAsync()).Items.Single(i => i.Plan == "storage-10gb");
        await world.PassAsync(TimeSpan.FromDays(30));
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("hobby"));
        await world.Customer.ChangePlanAsync(second.Id, new ChangePlanRequest("free"));
        await world.Customer.RemoveAddOnAsync(addOn.Id);

        // Nobody of ours is there for the end of the month and the day after it; then Stripe's events come, late.
        world.Billing.Clock.Advance(TimeSpan.FromDays(2));
        await world.Stripe.NowAsync();
        await world.HearAsync();
        (await world.Billing.InvoicesAsync())[^1].ShouldSatisfyAllConditions(i => i.Reason.ShouldBe("renewal"), i => i.State.ShouldBe("paid"), i => i.SubtotalMinor.ShouldBeGreaterThan(2900 + 900));
        var renewed = (await world.Billing.InvoicesAsync())[^1].TotalMinor;
        await world.RunAsync();
        await world.RunAsync();

        (await world.Customer.GetInstanceAsync(instance.Id)).ShouldSatisfyAllConditions(i => i.Plan.ShouldBe("hobby"), i => i.NextPlan.ShouldBeNull());
        (await world.Customer.GetInstanceAsync(second.Id)).Plan.ShouldBe("free");
        (await world.Customer.GetBillingAsync()).ShouldSatisfyAllConditions(
            b => b.Items.Select(i => (i.Plan, i.InstanceId)).ShouldBe([("hobby", instance.Id)]), b => b.PeriodStart.ShouldBe(BillingWorld.Start.AddMonths(1)),
            // All of what the month cost too much is the customer's, though a day of it has passed.
            b => b.BalanceMinor.ShouldBe(renewed - 900));
        (await world.At.Customers.ListAsync()).Single().Balance.ShouldBe(-(renewed - 900));
        (await world.Customer.ListCreditNotesAsync()).Items.Single().ToBalanceMinor.ShouldBe(renewed - 900);
        (await world.Billing.BalancesAsync())["CUSTBAL"].ShouldBe(-(renewed - 900));
        await world.ShouldHoldWhatStripeHoldsAsync();
        await world.PassAsync(TimeSpan.FromDays(31));
        (await world.Billing.InvoicesAsync())[^1].ShouldSatisfyAllConditions(i => i.TotalMinor.ShouldBe(900), i => i.Lines.Single().Description.ShouldEndWith(" (orders)"));
    }

    [Fact]
    public async Task A_cancellation_can_be_taken_back_until_the_period_ends()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync();

        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("free"));
        (await world.SubscriptionAsync()).CancelAtPeriodEnd.ShouldBeTrue();
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro"));
        (await world.SubscriptionAsync()).CancelAtPeriodEnd.ShouldBeFalse();
        await world.HearAsync();
        (await world.Customer.GetInstanceAsync(instance.Id)).NextPlan.ShouldBeNull();

        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("free"));
        await world.PassAsync(TimeSpan.FromDays(32));
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("free");
        (await world.Customer.GetBillingAsync()).ShouldSatisfyAllConditions(b => b.Items.ShouldBeEmpty(), b => b.PeriodEnd.ShouldBeNull());
        (await world.Billing.InvoicesAsync()).Count.ShouldBe(1);
        // Whoever comes back pays at the page again.
        await world.CheckOutAsync(instance.Id, "hobby");
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("hobby");
    }

    [Fact]
    public async Task Instances_share_one_subscription_and_each_has_what_was_bought_for_it()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var first = await world.SubscribeAsync();
        var second = await world.Server.AddRunningInstanceAsync(world.Billing.Customer, "second", "pro");
        second.Plan.ShouldBe("pro");
        (await world.SubscriptionAsync()).Items.First(i => i.Quantity > 0).Quantity.ShouldBe(2);
        await world.PassAsync(TimeSpan.FromDays(1));

        // Stripe's lines say how many, and ours whose.
        (await world.Billing.InvoicesAsync())[^1].Lines.Select(l => (l.Quantity, l.InstanceId, l.Description.Split(" (")[^1])).ShouldBe([(1L, first.Id, "orders)"), (2L, null, "orders, second)")], ignoreOrder: true);
        await world.Customer.ChangePlanAsync(first.Id, new ChangePlanRequest("business"));
        (await world.Billing.InvoicesAsync())[^1].Lines.Select(l => (l.Plan, l.AmountMinor < 0, l.Description.Split(" (")[^1]))
            .ShouldBe([("pro", true, "orders, second)"), ("pro", false, "second)"), ("business", false, "orders)")], ignoreOrder: true);
        (await world.Customer.GetInstanceAsync(first.Id)).Plan.ShouldBe("business");
        (await world.Customer.GetInstanceAsync(second.Id)).Plan.ShouldBe("pro");
        await world.Customer.AddAddOnAsync(new AddAddOnRequest("storage-10gb", second.Id, 2));
        await world.Customer.ChangePlanAsync(second.Id, new ChangePlanRequest("free", "now"));
        await world.HearAsync();

        (await world.Customer.GetInstanceAsync(second.Id)).Plan.ShouldBe("free");
        (await world.Customer.GetBillingAsync()).Items.Select(i => (i.Plan, i.Quantity, i.InstanceId)).ShouldBe([("business", 1, first.Id), ("storage-10gb", 2, second.Id)], ignoreOrder: true);
        // What of the second's month was left went to the balance, as it does at Stripe.
        (await world.Customer.GetBillingAsync()).BalanceMinor.ShouldBe(-(await world.At.Customers.ListAsync()).Single().Balance);
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task A_larger_plan_whose_payment_fails_begins_when_it_is_paid()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync("hobby");
        await world.PassAsync(TimeSpan.FromDays(1));
        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Decline);

        var refused = await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro")).ShouldBeRefusedAsync("payment_waiting");
        refused.Detail!.ShouldContain("https://invoice.stripe.com/");
        await world.Customer.CreateInstanceAsync(new CreateInstanceRequest("second", "pro")).ShouldBeRefusedAsync("payment_waiting");
        await world.HearAsync();
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("hobby");
        (await world.Customer.GetBillingAsync()).Dunning.State.ShouldBe("current");

        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Pay);
        await world.At.Invoices.PayAsync((await world.SubscriptionAsync()).LatestInvoiceId);
        await world.HearAsync();
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
    }

    [Fact]
    public async Task A_larger_plan_that_is_not_paid_within_a_day_is_forgotten()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync("hobby");
        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Decline);
        await world.Customer.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro")).ShouldBeRefusedAsync("payment_waiting");
        await world.PassAsync(TimeSpan.FromDays(2));

        (await world.Billing.InvoicesAsync())[^1].State.ShouldBe("void");
        (await world.Customer.GetBillingAsync()).ShouldSatisfyAllConditions(b => b.Dunning.State.ShouldBe("current"), b => b.OpenMinor.ShouldBe(0));
        await world.Customer.CreateInstanceAsync(new CreateInstanceRequest("second", "pro")).ShouldBeRefusedAsync("payment_failed");
        await world.Stripe.SetCardAsync(await world.CardAsync(), CardDoes.Pay);
        (await world.Server.AddRunningInstanceAsync(world.Billing.Customer, "second", "pro")).Plan.ShouldBe("pro");
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("hobby");
    }

    [Fact]
    public async Task A_trial_costs_nothing_until_it_ends()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.SubscribeAsync("business");
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("business");
        (await world.Customer.GetBillingAsync()).Items.Single().ShouldSatisfyAllConditions(i => i.State.ShouldBe("trialing"), i => i.TrialEndsAt.ShouldBe(BillingWorld.Start.AddDays(14)));
        (await world.Billing.InvoicesAsync()).ShouldBeEmpty();

        await world.PassAsync(TimeSpan.FromDays(15));
        (await world.Customer.GetBillingAsync()).Items.Single().State.ShouldBe("active");
        (await world.Billing.InvoicesAsync()).Single().ShouldSatisfyAllConditions(i => i.TotalMinor.ShouldBe(9900), i => i.State.ShouldBe("paid"));
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task Only_the_last_of_several_pages_can_be_paid()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var instance = await world.Server.AddRunningInstanceAsync(world.Billing.Customer);
        var first = await world.Customer.CheckOutAsync(new CheckoutRequest("pro", instance.Id));
        await world.CheckOutAsync(instance.Id, "hobby");

        (await world.At.Checkout.Sessions.GetAsync(first.Address.Split('/')[^1])).Status.ShouldBe("expired");
        (await world.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("hobby");
        (await world.At.Customers.ListAsync()).Count().ShouldBe(1);
    }
}
