using Stripe.Checkout;

namespace Stripe.Double.Tests;

public sealed class CheckoutTests
{
    static SessionCreateOptions For(Price price, string? customer = null) => new()
    {
        Mode = "subscription",
        Customer = customer,
        CustomerEmail = customer is null ? "ada@example.com" : null,
        ClientReferenceId = "org_1",
        SuccessUrl = "https://example.com/done",
        LineItems = [new() { Price = price.Id, Quantity = 2 }],
        SubscriptionData = new() { Metadata = new() { ["organization"] = "org_1" } },
    };

    [Fact]
    public async Task A_completed_checkout_has_a_customer_and_an_active_subscription()
    {
        await using var shop = await Shop.OpenAsync();
        var session = await shop.Api.Checkout.Sessions.CreateAsync(For(await shop.PriceAsync(4900)));
        (session.Status, session.PaymentStatus, session.AmountTotal).ShouldBe(("open", "unpaid", 9800));
        session.Url.ShouldNotBeNull();
        await shop.Double.CompleteCheckoutAsync(session.Id);
        var done = await shop.Api.Checkout.Sessions.GetAsync(session.Id, new() { Expand = ["subscription", "customer", "line_items"] });
        (done.Status, done.PaymentStatus, done.Subscription.Status).ShouldBe(("complete", "paid", "active"));
        done.Subscription.Metadata["organization"].ShouldBe("org_1");
        done.Customer.Email.ShouldBe("ada@example.com");
        done.LineItems.Single().Quantity.ShouldBe(2);
        (await shop.EventTypesAsync()).ShouldContain("checkout.session.completed");
    }

    [Fact]
    public async Task A_declined_card_leaves_the_page_open()
    {
        await using var shop = await Shop.OpenAsync();
        var session = await shop.Api.Checkout.Sessions.CreateAsync(For(await shop.PriceAsync(4900)));
        (await Should.ThrowAsync<StripeException>(shop.Double.CompleteCheckoutAsync(session.Id, "pm_card_chargeCustomerFail"))).StripeError.Code.ShouldBe("card_declined");
        (await shop.Api.Checkout.Sessions.GetAsync(session.Id)).Status.ShouldBe("open");
        await shop.Double.CompleteCheckoutAsync(session.Id, "pm_card_mastercard");
    }

    [Fact]
    public async Task A_card_that_wants_authentication_gets_it_on_the_page()
    {
        await using var shop = await Shop.OpenAsync();
        var session = await shop.Api.Checkout.Sessions.CreateAsync(For(await shop.PriceAsync(4900)));
        await shop.Double.CompleteCheckoutAsync(session.Id, "pm_card_authenticationRequired");
        (await shop.Api.Checkout.Sessions.GetAsync(session.Id, new() { Expand = ["subscription"] })).Subscription.Status.ShouldBe("active");
    }

    [Fact]
    public async Task After_a_day_it_has_expired()
    {
        await using var shop = await Shop.OpenAsync();
        var session = await shop.Api.Checkout.Sessions.CreateAsync(For(await shop.PriceAsync(4900)));
        await shop.Double.AdvanceAsync(TimeSpan.FromHours(24));
        (await shop.Api.Checkout.Sessions.GetAsync(session.Id)).Status.ShouldBe("expired");
        (await shop.EventTypesAsync()).ShouldContain("checkout.session.expired");
        await Should.ThrowAsync<StripeException>(shop.Api.Checkout.Sessions.ExpireAsync(session.Id));
    }

    [Fact]
    public async Task A_single_payment_with_tax_and_coupon_adds_up()
    {
        await using var shop = await Shop.OpenAsync();
        var rate = await shop.Api.TaxRates.CreateAsync(new() { DisplayName = "VAT", Percentage = 19, Inclusive = false });
        var coupon = await shop.Api.Coupons.CreateAsync(new() { PercentOff = 10 });
        var session = await shop.Api.Checkout.Sessions.CreateAsync(new()
        {
            Mode = "payment",
            SuccessUrl = "https://example.com/done",
            Discounts = [new() { Coupon = coupon.Id }],
            LineItems = [new() { Quantity = 1, TaxRates = [rate.Id], PriceData = new() { Currency = "usd", UnitAmount = 1999, ProductData = new() { Name = "Set-up" } } }],
        });
        (session.TotalDetails.AmountDiscount, session.TotalDetails.AmountTax, session.AmountTotal).ShouldBe((200, 342, 2141));
        await shop.Double.CompleteCheckoutAsync(session.Id);
        var paid = await shop.Api.Checkout.Sessions.GetAsync(session.Id, new() { Expand = ["payment_intent"] });
        (paid.PaymentIntent.Status, paid.PaymentIntent.AmountReceived).ShouldBe(("succeeded", 2141));
    }

    [Fact]
    public async Task The_portal_is_an_address()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync();
        (await shop.Api.BillingPortal.Sessions.CreateAsync(new() { Customer = customer.Id, ReturnUrl = "https://example.com" })).Url.ShouldStartWith("https://billing.stripe.com/");
    }
}
