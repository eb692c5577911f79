namespace Stripe.Double.Tests;

public sealed class InvoiceTests
{
    static async Task<Invoice> DraftAsync(Shop shop, Customer customer, params long[] amounts)
    {
        var invoice = await shop.Api.Invoices.CreateAsync(new() { Customer = customer.Id, CollectionMethod = "send_invoice", DaysUntilDue = 14, Currency = "usd" });
        foreach (var amount in amounts)
            await shop.Api.InvoiceItems.CreateAsync(new() { Customer = customer.Id, Invoice = invoice.Id, Amount = amount, Currency = "usd", Description = "Work" });
        return await shop.Api.Invoices.GetAsync(invoice.Id);
    }

    [Fact]
    public async Task A_draft_becomes_final_is_sent_and_paid_outside_of_Stripe()
    {
        await using var shop = await Shop.OpenAsync();
        var draft = await DraftAsync(shop, await shop.CustomerAsync(card: null), 10_00, 25_50);
        (draft.Status, draft.Total, draft.Number).ShouldBe(("draft", 3550, null));
        var sent = await shop.Api.Invoices.SendInvoiceAsync(draft.Id);
        (sent.Status, sent.AmountDue, sent.DueDate).ShouldBe(("open", 3550, Shop.Opening.UtcDateTime.AddDays(14)));
        sent.Number.ShouldEndWith("-0001");
        var paid = await shop.Api.Invoices.PayAsync(draft.Id, new() { PaidOutOfBand = true });
        (paid.Status, paid.AmountPaid, paid.AmountPaidOffStripe, paid.AmountRemaining).ShouldBe(("paid", 3550, 3550, 0));
        (await shop.Api.Charges.ListAsync()).ShouldBeEmpty();
        (await Should.ThrowAsync<StripeException>(shop.Api.Invoices.PayAsync(draft.Id))).StripeError.Message.ShouldBe("Invoice is already paid");
    }

    [Fact]
    public async Task What_is_final_cannot_be_changed_only_voided()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync(card: null);
        var draft = await DraftAsync(shop, customer, 1000);
        await shop.Api.Invoices.FinalizeInvoiceAsync(draft.Id);
        (await Should.ThrowAsync<StripeException>(shop.Api.Invoices.FinalizeInvoiceAsync(draft.Id))).StripeError.Code.ShouldBe("invoice_not_editable");
        (await Should.ThrowAsync<StripeException>(shop.Api.InvoiceItems.CreateAsync(new() { Customer = customer.Id, Invoice = draft.Id, Amount = 1, Currency = "usd" }))).StripeError.Code.ShouldBe("invoice_not_editable");
        await Should.ThrowAsync<StripeException>(shop.Api.Invoices.DeleteAsync(draft.Id));
        (await shop.Api.Invoices.VoidInvoiceAsync(draft.Id)).Status.ShouldBe("void");
        await Should.ThrowAsync<StripeException>(shop.Api.Invoices.PayAsync(draft.Id));
    }

    [Fact]
    public async Task An_overdue_invoice_says_so_once()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Api.Invoices.FinalizeInvoiceAsync((await DraftAsync(shop, await shop.CustomerAsync(card: null), 1000)).Id);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(30));
        (await shop.EventTypesAsync()).Count(type => type == "invoice.overdue").ShouldBe(1);
    }

    [Fact]
    public async Task Tax_is_rounded_on_each_line()
    {
        await using var shop = await Shop.OpenAsync();
        var rate = await shop.Api.TaxRates.CreateAsync(new() { DisplayName = "VAT", Percentage = 19, Inclusive = false });
        var draft = await DraftAsync(shop, await shop.CustomerAsync(card: null), 1003, 1003);
        var taxed = await shop.Api.Invoices.UpdateAsync(draft.Id, new() { DefaultTaxRates = [rate.Id] });
        // 19 % of 10.03 is 1.9057: 1.91 twice is 3.82, where the sum would give 3.81.
        (taxed.TotalTaxes.Single().Amount, taxed.Total, taxed.TotalExcludingTax).ShouldBe((382, 2388, 2006));
        taxed.Lines.ShouldAllBe(line => line.Taxes.Single().Amount == 191);
    }

    [Fact]
    public async Task Discounts_come_off_one_after_another()
    {
        await using var shop = await Shop.OpenAsync();
        var (half, ten) = (await shop.Api.Coupons.CreateAsync(new() { PercentOff = 50 }), await shop.Api.Coupons.CreateAsync(new() { AmountOff = 1000, Currency = "usd" }));
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(5000), with: options => options.Discounts = [new() { Coupon = half.Id }, new() { Coupon = ten.Id }]);
        var invoice = await shop.Api.Invoices.GetAsync(subscription.LatestInvoiceId);
        (invoice.Subtotal, invoice.Total).ShouldBe((5000, 1500));
        invoice.TotalDiscountAmounts.Select(off => off.Amount).ShouldBe([2500, 1000]);
        // For once means once.
        (await shop.Api.Subscriptions.GetAsync(subscription.Id)).DiscountIds.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_promotion_code_is_redeemed_as_often_as_it_may_be()
    {
        await using var shop = await Shop.OpenAsync();
        var coupon = await shop.Api.Coupons.CreateAsync(new() { PercentOff = 20, Duration = "repeating", DurationInMonths = 2 });
        var code = await shop.Api.PromotionCodes.CreateAsync(new() { Promotion = new() { Type = "coupon", Coupon = coupon.Id }, Code = "spring", MaxRedemptions = 1 });
        var (customer, price) = (await shop.CustomerAsync(), await shop.PriceAsync(5000));
        var subscription = await shop.SubscribeAsync(customer, price, with: options => options.Discounts = [new() { PromotionCode = code.Id }]);
        (await Should.ThrowAsync<StripeException>(shop.SubscribeAsync(customer, price, with: options => options.Discounts = [new() { PromotionCode = code.Id }]))).StripeError.Code.ShouldBe("promotion_code_expired");
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(65));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).Select(invoice => invoice.Total).ShouldBe([5000, 4000, 4000]);
    }

    [Fact]
    public async Task A_card_that_wants_authentication_leaves_the_invoice_open_until_it_is_given()
    {
        await using var shop = await Shop.OpenAsync();
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync("pm_card_authenticationRequired"), await shop.PriceAsync(5000), with: options => options.Expand = ["latest_invoice.payments"]);
        subscription.Status.ShouldBe("incomplete");
        (await shop.EventTypesAsync()).ShouldContain("invoice.payment_action_required");
        await shop.Double.AuthenticateAsync(subscription.LatestInvoice.Payments.Single().Payment.PaymentIntentId);
        (await shop.Api.Subscriptions.GetAsync(subscription.Id)).Status.ShouldBe("active");
    }

    [Fact]
    public async Task Metered_usage_is_billed_after_its_period()
    {
        await using var shop = await Shop.OpenAsync();
        var meter = await shop.Api.Billing.Meters.CreateAsync(new() { DisplayName = "Jobs", EventName = "jobs", DefaultAggregation = new() { Formula = "sum" } });
        var product = await shop.Api.Products.CreateAsync(new() { Name = "Jobs" });
        var price = await shop.Api.Prices.CreateAsync(new() { Product = product.Id, Currency = "usd", UnitAmountDecimal = 0.5m, Recurring = new() { Interval = "month", UsageType = "metered", Meter = meter.Id } });
        var customer = await shop.CustomerAsync();
        var subscription = await shop.Api.Subscriptions.CreateAsync(new() { Customer = customer.Id, Items = [new() { Price = price.Id }] });
        Billing.MeterEventCreateOptions Used(string value, string id) => new() { EventName = "jobs", Identifier = id, Payload = new() { ["stripe_customer_id"] = customer.Id, ["value"] = value } };
        await shop.Api.Billing.MeterEvents.CreateAsync(Used("1000", "a"));
        await shop.Api.Billing.MeterEvents.CreateAsync(Used("501", "b"));
        (await Should.ThrowAsync<StripeException>(shop.Api.Billing.MeterEvents.CreateAsync(Used("501", "b")))).StripeError.Code.ShouldBe("duplicate_meter_event");
        var summary = await shop.Api.Billing.Meters.EventSummaries.ListAsync(meter.Id, new() { Customer = customer.Id, StartTime = Shop.Opening.UtcDateTime.AddHours(-1), EndTime = Shop.Opening.UtcDateTime.AddHours(1) });
        summary.Single().AggregatedValue.ShouldBe(1501);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(32));
        (await shop.Api.Invoices.ListAsync(new() { Subscription = subscription.Id })).First().Lines.Single(line => line.Quantity > 0).Amount.ShouldBe(751);
    }
}
