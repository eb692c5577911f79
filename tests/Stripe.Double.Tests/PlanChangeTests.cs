using CsCheck;

namespace Stripe.Double.Tests;

public sealed class PlanChangeTests
{
    // 15 January 12:00 to 15 February 12:00 is 31 days; after 10 of them 21 are left.
    static readonly TimeSpan tenDays = TimeSpan.FromDays(10);

    static readonly string[] behaviors = ["none", "create_prorations", "always_invoice"];

    static SubscriptionUpdateOptions To(Subscription subscription, Price price, string behavior, long quantity = 1) => new()
    {
        ProrationBehavior = behavior,
        Items = [new() { Id = subscription.Items.Single().Id, Price = price.Id, Quantity = quantity }],
    };

    [Fact]
    public async Task An_upgrade_invoiced_at_once_costs_the_rest_to_the_second()
    {
        await using var shop = await Shop.OpenAsync();
        var (small, large) = (await shop.PriceAsync(1000), await shop.PriceAsync(5000, name: "Max"));
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), small);
        await shop.Double.AdvanceAsync(tenDays + TimeSpan.FromSeconds(1));
        var changed = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, large, "always_invoice"));
        changed.Items.Single().Price.Id.ShouldBe(large.Id);
        var invoice = await shop.Api.Invoices.GetAsync(changed.LatestInvoiceId);
        var left = 21m * 86400 - 1;
        long Part(long amount) => (long)Math.Round(amount * left / (31 * 86400), MidpointRounding.AwayFromZero);
        invoice.Lines.Select(line => line.Amount).ShouldBe([-Part(1000), Part(5000)]);
        invoice.Lines.ShouldAllBe(line => line.Parent.SubscriptionItemDetails.Proration);
        invoice.Lines.First().Parent.SubscriptionItemDetails.ProrationDetails.CreditedItems.InvoiceLineItems.Single().ShouldStartWith("il_");
        (invoice.Status, invoice.BillingReason, invoice.Total).ShouldBe(("paid", "subscription_update", Part(5000) - Part(1000)));
    }

    [Fact]
    public async Task A_preview_says_exactly_what_the_change_then_costs()
    {
        await using var shop = await Shop.OpenAsync();
        var (small, large) = (await shop.PriceAsync(1900), await shop.PriceAsync(4900, name: "Max"));
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, small);
        await shop.Double.AdvanceAsync(tenDays + TimeSpan.FromSeconds(12345));
        var at = (await shop.Double.NowAsync()).UtcDateTime;
        var before = await shop.EventTypesAsync();
        var preview = await shop.Api.Invoices.CreatePreviewAsync(new()
        {
            Customer = customer.Id,
            Subscription = subscription.Id,
            SubscriptionDetails = new() { ProrationDate = at, ProrationBehavior = "always_invoice", Items = [new() { Id = subscription.Items.Single().Id, Price = large.Id, Quantity = 1 }] },
        });
        preview.Parent.SubscriptionDetails.SubscriptionProrationDate.ShouldBe(at);
        (await shop.EventTypesAsync()).ShouldBe(before);
        await shop.Double.AdvanceAsync(TimeSpan.FromMinutes(5));
        var options = To(subscription, large, "always_invoice");
        options.ProrationDate = at;
        var changed = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, options);
        var invoice = await shop.Api.Invoices.GetAsync(changed.LatestInvoiceId);
        invoice.Lines.Select(line => line.Amount).ShouldBe(preview.Lines.Select(line => line.Amount));
        invoice.AmountPaid.ShouldBe(preview.AmountDue);
    }

    [Fact]
    public async Task The_upcoming_invoice_is_the_next_renewal()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, await shop.PriceAsync(1900));
        await shop.Api.InvoiceItems.CreateAsync(new() { Customer = customer.Id, Amount = 500, Currency = "usd", Description = "Support" });
        var upcoming = await shop.Api.Invoices.CreatePreviewAsync(new() { Subscription = subscription.Id });
        upcoming.Lines.Select(line => line.Amount).ShouldBe([1900, 500]);
        upcoming.PeriodEnd.ShouldBe(subscription.Items.Single().CurrentPeriodEnd);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(32));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).First().Total.ShouldBe(2400);
    }

    [Fact]
    public async Task A_downgrade_is_credited_to_the_balance_and_used_by_the_next_invoice()
    {
        await using var shop = await Shop.OpenAsync();
        var (small, large) = (await shop.PriceAsync(1000), await shop.PriceAsync(3100, name: "Max"));
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, large);
        await shop.Double.AdvanceAsync(tenDays);
        await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, small, "always_invoice"));
        // 21/31 of 3100 is 2100 back, 21/31 of 1000 is 677 to pay.
        (await shop.Api.Customers.GetAsync(customer.Id)).Balance.ShouldBe(-1423);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(22));
        var renewal = (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).First();
        (renewal.Total, renewal.StartingBalance, renewal.AmountDue, renewal.EndingBalance).ShouldBe((1000, -1423, 0, -423));
        (await shop.Api.Customers.BalanceTransactions.ListAsync(customer.Id)).Select(entry => entry.Amount).ShouldBe([1000, -1423]);
    }

    [Fact]
    public async Task A_credit_gives_back_what_was_paid_and_not_the_list_price()
    {
        await using var shop = await Shop.OpenAsync();
        var (small, large) = (await shop.PriceAsync(1000), await shop.PriceAsync(3100, name: "Max"));
        var half = await shop.Api.Coupons.CreateAsync(new() { PercentOff = 50, Duration = "once" });
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), large, with: options => options.Discounts = [new() { Coupon = half.Id }]);
        await shop.Double.AdvanceAsync(tenDays);
        var changed = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, small, "always_invoice"));
        (await shop.Api.Invoices.GetAsync(changed.LatestInvoiceId)).Lines.First().Amount.ShouldBe(-1050);
    }

    [Fact]
    public async Task Prorations_that_are_not_invoiced_wait_for_the_renewal()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(3100));
        await shop.Double.AdvanceAsync(tenDays);
        await shop.Api.SubscriptionItems.UpdateAsync(subscription.Items.Single().Id, new() { Quantity = 3 });
        (await shop.Api.InvoiceItems.ListAsync(new() { Pending = true })).Select(item => item.Amount).ShouldBe([6300, -2100]);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(22));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).First().Total.ShouldBe(9300 + 6300 - 2100);
    }

    [Fact]
    public async Task Without_proration_the_new_price_counts_from_the_next_period()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(1000));
        await shop.Double.AdvanceAsync(tenDays);
        await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, await shop.PriceAsync(4000), "none"));
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(22));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).Select(invoice => invoice.Total).ShouldBe([4000, 1000]);
    }

    [Fact]
    public async Task A_pending_update_takes_effect_when_it_is_paid()
    {
        await using var shop = await Shop.OpenAsync();
        var (small, large) = (await shop.PriceAsync(1000), await shop.PriceAsync(5000, name: "Max"));
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, small);
        await shop.Double.SetCardAsync(customer.InvoiceSettings.DefaultPaymentMethodId, Objects.CardDoes.Decline);
        var options = To(subscription, large, "always_invoice");
        options.PaymentBehavior = "pending_if_incomplete";
        var pending = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, options);
        (pending.Status, pending.Items.Single().Price.Id, pending.PendingUpdate.SubscriptionItems.Single().Price.Id).ShouldBe(("active", small.Id, large.Id));
        await shop.Double.SetCardAsync(customer.InvoiceSettings.DefaultPaymentMethodId, Objects.CardDoes.Pay);
        await shop.Api.Invoices.PayAsync(pending.LatestInvoiceId);
        var applied = await shop.Api.Subscriptions.GetAsync(subscription.Id);
        (applied.PendingUpdate, applied.Items.Single().Price.Id).ShouldBe((null, large.Id));
        (await shop.EventTypesAsync()).ShouldContain("customer.subscription.pending_update_applied");
    }

    [Fact]
    public async Task A_pending_update_lapses_after_twenty_three_hours()
    {
        await using var shop = await Shop.OpenAsync();
        var (small, large) = (await shop.PriceAsync(1000), await shop.PriceAsync(5000, name: "Max"));
        var customer = await shop.CustomerAsync();
        var subscription = await shop.SubscribeAsync(customer, small);
        await shop.Double.SetCardAsync(customer.InvoiceSettings.DefaultPaymentMethodId, Objects.CardDoes.Decline);
        var options = To(subscription, large, "always_invoice");
        options.PaymentBehavior = "pending_if_incomplete";
        var pending = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, options);
        await shop.Double.AdvanceAsync(TimeSpan.FromHours(23));
        var lapsed = await shop.Api.Subscriptions.GetAsync(subscription.Id);
        (lapsed.PendingUpdate, lapsed.Items.Single().Price.Id).ShouldBe((null, small.Id));
        (await shop.Api.Invoices.GetAsync(pending.LatestInvoiceId)).Status.ShouldBe("void");
    }

    [Fact]
    public Task What_is_given_back_never_exceeds_what_was_debited() => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 50]).Array[12].SampleAsync(async changes =>
    {
        await using var shop = await Shop.OpenAsync();
        Price[] prices = [await shop.PriceAsync(1000), await shop.PriceAsync(3100, name: "Max"), await shop.PriceAsync(9900, name: "Most")];
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), prices[0]);
        var end = subscription.Items.Single().CurrentPeriodEnd;
        foreach (var (price, behavior, hours) in changes)
        {
            await shop.Double.AdvanceAsync(TimeSpan.FromHours(hours));
            await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, prices[price], behaviors[behavior]));
        }
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(33));
        var lines = (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id, Limit = 100 })).SelectMany(invoice => invoice.Lines).Where(line => line.Period.End == end).ToList();
        return lines.Sum(line => line.Amount) >= 0;
    }, iter: 20, threads: 1);

    [Fact]
    public async Task A_debit_that_waited_for_its_invoice_is_not_given_back_after_another_has_replaced_it()
    {
        await using var shop = await Shop.OpenAsync();
        Price[] prices = [await shop.PriceAsync(1000), await shop.PriceAsync(3100, name: "Max"), await shop.PriceAsync(9900, name: "Most")];
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), prices[0]);
        foreach (var (price, behavior) in new[] { (2, "create_prorations"), (1, "always_invoice") })
        {
            await shop.Double.AdvanceAsync(tenDays / 2);
            await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, prices[price], behavior));
        }
        await shop.Double.AdvanceAsync(tenDays / 2);
        var changed = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, prices[0], "always_invoice"));
        // 21 of 31 days of 31.00 were debited last; 16 of them are left.
        (await shop.Api.Invoices.GetAsync(changed.LatestInvoiceId)).Lines.Select(line => line.Amount).ShouldBe([-1600, 516]);
    }

    [Fact]
    public async Task From_month_to_year_a_new_period_begins()
    {
        await using var shop = await Shop.OpenAsync();
        var (monthly, yearly) = (await shop.PriceAsync(3100), await shop.PriceAsync(30000, "year"));
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), monthly);
        await shop.Double.AdvanceAsync(tenDays);
        var changed = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, yearly, "create_prorations"));
        changed.Items.Single().CurrentPeriodEnd.ShouldBe(Shop.Opening.UtcDateTime.AddDays(10).AddYears(1));
        (await shop.Api.Invoices.GetAsync(changed.LatestInvoiceId)).Total.ShouldBe(30000 - 2100);
    }

    [Fact]
    public async Task Yen_have_no_parts()
    {
        await using var shop = await Shop.OpenAsync();
        var (small, large) = (await shop.PriceAsync(1000, currency: "jpy"), await shop.PriceAsync(5000, currency: "jpy", name: "Max"));
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), small);
        await shop.Double.AdvanceAsync(tenDays);
        var changed = await shop.Api.Subscriptions.UpdateAsync(subscription.Id, To(subscription, large, "always_invoice"));
        (await shop.Api.Invoices.GetAsync(changed.LatestInvoiceId)).Lines.Select(line => line.Amount).ShouldBe([-677, 3387]);
    }
}
