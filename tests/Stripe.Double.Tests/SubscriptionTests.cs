namespace Stripe.Double.Tests;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task A_subscription_is_paid_and_active_at_once()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, await shop.PriceAsync(4900));
        subscription.Status.ShouldBe("active");
        subscription.BillingMode.Type.ShouldBe("flexible");
        var item = subscription.Items.Single();
        item.CurrentPeriodStart.ShouldBe(Shop.Opening.UtcDateTime);
        item.CurrentPeriodEnd.ShouldBe(new DateTime(2026, 2, 15, 12, 0, 0, DateTimeKind.Utc));
        var invoice = await shop.Api.Invoices.GetAsync(subscription.LatestInvoiceId, new() { Expand = ["payments"] });
        (invoice.Status, invoice.Total, invoice.AmountPaid, invoice.BillingReason).ShouldBe(("paid", 4900, 4900, "subscription_create"));
        invoice.Parent.SubscriptionDetails.SubscriptionId.ShouldBe(subscription.Id);
        invoice.Lines.Single().Parent.SubscriptionItemDetails.SubscriptionItem.ShouldBe(item.Id);
        var intent = await shop.Api.PaymentIntents.GetAsync(invoice.Payments.Single().Payment.PaymentIntentId, new() { Expand = ["latest_charge.balance_transaction"] });
        var moved = intent.LatestCharge.BalanceTransaction;
        (moved.Amount, moved.Fee, moved.Net, moved.Status).ShouldBe((4900, 172, 4728, "pending"));
        (await shop.Api.InvoicePayments.ListAsync(new() { Payment = new() { Type = "payment_intent", PaymentIntent = intent.Id } })).Single().InvoiceId.ShouldBe(invoice.Id);
    }

    [Fact]
    public async Task Its_events_come_in_the_order_of_what_happened()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync();
        var price = await shop.PriceAsync(4900);
        var before = (await shop.EventTypesAsync()).Count;
        await shop.SubscribeAsync(customer, price);
        (await shop.EventTypesAsync()).Skip(before).ShouldBe(["customer.subscription.created", "invoice.created", "payment_intent.created", "invoice.finalized", "charge.succeeded",
            "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"]);
    }

    [Fact]
    public async Task A_month_later_it_is_renewed()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(4900));
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(31) + TimeSpan.FromHours(2));
        var invoices = await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id });
        invoices.Select(invoice => (invoice.BillingReason, invoice.Status, invoice.Total)).ShouldBe([("subscription_cycle", "paid", 4900), ("subscription_create", "paid", 4900)]);
        var line = invoices.First().Lines.Single();
        (line.Period.Start, line.Period.End).ShouldBe((new DateTime(2026, 2, 15, 12, 0, 0), new DateTime(2026, 3, 15, 12, 0, 0)));
        invoices.First().StatusTransitions.FinalizedAt.ShouldBe(new DateTime(2026, 2, 15, 13, 0, 0));
    }

    [Fact]
    public async Task The_thirty_first_comes_back_after_a_short_month()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(16));
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(4900));
        subscription.Items.Single().CurrentPeriodEnd.Day.ShouldBe(28);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(30));
        (await shop.Api.Subscriptions.GetAsync(subscription.Id)).Items.Single().CurrentPeriodEnd.ShouldBe(new DateTime(2026, 3, 31, 12, 0, 0));
    }

    [Fact]
    public async Task A_trial_costs_nothing_and_then_begins_to()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(4900), with: options => options.TrialPeriodDays = 14);
        subscription.Status.ShouldBe("trialing");
        (await shop.Api.Invoices.GetAsync(subscription.LatestInvoiceId)).Total.ShouldBe(0);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(12));
        (await shop.EventTypesAsync()).ShouldContain("customer.subscription.trial_will_end");
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(3));
        var active = await shop.Api.Subscriptions.GetAsync(subscription.Id, new() { Expand = ["latest_invoice"] });
        (active.Status, active.LatestInvoice.Total, active.LatestInvoice.Status).ShouldBe(("active", 4900, "paid"));
    }

    [Fact]
    public async Task A_trial_can_be_ended_by_hand()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(4900), with: options => options.TrialPeriodDays = 14);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(1));
        var ended = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, new() { TrialEnd = SubscriptionTrialEnd.Now, Expand = ["latest_invoice"] });
        (ended.Status, ended.LatestInvoice.AmountPaid, ended.Items.Single().CurrentPeriodStart).ShouldBe(("active", 4900, Shop.Opening.UtcDateTime.AddDays(1)));
    }

    [Fact]
    public async Task A_card_that_is_declined_leaves_it_incomplete_and_after_a_day_expired()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync("pm_card_chargeCustomerFail"), await shop.PriceAsync(4900));
        subscription.Status.ShouldBe("incomplete");
        await shop.Double.AdvanceAsync(TimeSpan.FromHours(24));
        (await shop.Api.Subscriptions.GetAsync(subscription.Id)).Status.ShouldBe("incomplete_expired");
        (await shop.Api.Invoices.GetAsync(subscription.LatestInvoiceId)).Status.ShouldBe("void");
    }

    [Fact]
    public async Task Error_if_incomplete_leaves_nothing_behind()
    {
        await using var shop = await Shop.OpenAsync();
        var (customer, price) = (await shop.CustomerAsync("pm_card_chargeCustomerFail"), await shop.PriceAsync(4900));
        var refused = await Should.ThrowAsync<StripeException>(shop.SubscribeAsync(customer, price, with: options => options.PaymentBehavior = "error_if_incomplete"));
        (refused.StripeError.Type, refused.StripeError.Code, refused.StripeError.DeclineCode).ShouldBe(("card_error", "card_declined", "generic_decline"));
        (await shop.Api.Subscriptions.ListAsync(new() { Status = "all" })).ShouldBeEmpty();
        (await shop.Api.Invoices.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_renewal_is_tried_eight_times_and_then_left_unpaid()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, await shop.PriceAsync(4900));
        await shop.Double.SetCardAsync(customer.InvoiceSettings.DefaultPaymentMethodId, Objects.CardDoes.Decline);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(31) + TimeSpan.FromHours(2));
        (await shop.Api.Subscriptions.GetAsync(subscription.Id)).Status.ShouldBe("past_due");
        (await shop.Api.Customers.GetAsync(customer.Id)).Delinquent.ShouldBe(true);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(20));
        var unpaid = await shop.Api.Subscriptions.GetAsync(subscription.Id, new() { Expand = ["latest_invoice"] });
        (unpaid.Status, unpaid.LatestInvoice.Status, unpaid.LatestInvoice.AttemptCount, unpaid.LatestInvoice.NextPaymentAttempt).ShouldBe(("unpaid", "open", 8, null));
    }

    [Fact]
    public async Task Paying_the_overdue_invoice_makes_it_active_again()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, await shop.PriceAsync(4900));
        await shop.Double.SetCardAsync(customer.InvoiceSettings.DefaultPaymentMethodId, Objects.CardDoes.Decline);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(32));
        var invoice = (await shop.Api.Invoices.ListAsync(new() { Status = "open" })).Single();
        (await Should.ThrowAsync<StripeException>(shop.Api.Invoices.PayAsync(invoice.Id))).StripeError.Code.ShouldBe("card_declined");
        var other = await shop.Api.PaymentMethods.AttachAsync("pm_card_mastercard", new() { Customer = customer.Id });
        (await shop.Api.Invoices.PayAsync(invoice.Id, new() { PaymentMethod = other.Id })).Status.ShouldBe("paid");
        (await shop.Api.Subscriptions.GetAsync(subscription.Id)).Status.ShouldBe("active");
        (await shop.Api.Customers.GetAsync(customer.Id)).Delinquent.ShouldBe(false);
    }

    [Theory]
    [InlineData(AfterRetries.Cancel, "canceled")]
    [InlineData(AfterRetries.Pause, "paused")]
    [InlineData(AfterRetries.PastDue, "past_due")]
    public async Task What_comes_after_the_last_attempt_is_a_setting(AfterRetries after, string status)
    {
        await using var shop = await Shop.OpenAsync(options => options with { AfterRetries = after });
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, await shop.PriceAsync(4900));
        await shop.Double.SetCardAsync(customer.InvoiceSettings.DefaultPaymentMethodId, Objects.CardDoes.Decline);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(50));
        var left = await shop.Api.Subscriptions.GetAsync(subscription.Id);
        left.Status.ShouldBe(status);
        if (after == AfterRetries.Pause)
            left.StatusDetails.Paused.Subscription.Type.ShouldBe("final_payment_failure");
    }

    [Fact]
    public async Task It_ends_with_its_period_or_at_once()
    {
        await using var shop = await Shop.OpenAsync();
        var (customer, price) = (await shop.CustomerAsync(), await shop.PriceAsync(4900));
        var later = await shop.SubscribeAsync(customer, price);
        (await shop.Api.Subscriptions.UpdateAsync(later.Id, new() { CancelAtPeriodEnd = true })).CancelAt.ShouldBe(later.Items.Single().CurrentPeriodEnd);
        var now = await shop.Api.Subscriptions.CancelAsync((await shop.SubscribeAsync(customer, price)).Id);
        now.Status.ShouldBe("canceled");
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(32));
        var ended = await shop.Api.Subscriptions.GetAsync(later.Id);
        (ended.Status, ended.EndedAt).ShouldBe(("canceled", later.Items.Single().CurrentPeriodEnd));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = later.Id })).Count().ShouldBe(1);
        (await Should.ThrowAsync<StripeException>(shop.Api.Subscriptions.CancelAsync(now.Id))).StripeError.Code.ShouldBe("resource_missing");
    }

    [Fact]
    public async Task It_is_paused_and_resumed_with_a_new_period()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(4900));
        var paused = await shop.Api.Subscriptions.PauseAsync(subscription.Id);
        (paused.Status, paused.StatusDetails.Paused.Subscription.Type).ShouldBe(("paused", "pause_requested"));
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(60));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).Count().ShouldBe(1);
        var resumed = await shop.Api.Subscriptions.ResumeAsync(subscription.Id);
        resumed.Status.ShouldBe("active");
        resumed.Items.Single().CurrentPeriodStart.ShouldBe(Shop.Opening.UtcDateTime.AddDays(60));
        (await shop.EventTypesAsync()).ShouldContain("customer.subscription.resumed");
    }
}
