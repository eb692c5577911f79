namespace Stripe.Double.Tests;

/// <summary>
/// The same story told to the double and, where the environment has a test key of a real account (STRIPE_TEST_KEY), to Stripe: what it answers must
/// read the same. Without a key the second telling is skipped, and says so.
/// </summary>
public sealed class ContractTests
{
    [Fact]
    public async Task The_double_tells_it_so()
    {
        await using var shop = await Shop.OpenAsync();
        (await TellAsync(shop.Client)).ShouldBe(story);
    }

    [Fact]
    public async Task Stripe_tells_it_so()
    {
        var key = Environment.GetEnvironmentVariable("STRIPE_TEST_KEY");
        Assert.SkipUnless(key is not null && key.StartsWith("sk_test_", StringComparison.Ordinal), "no STRIPE_TEST_KEY in the environment: the double is not compared with Stripe itself");
        (await TellAsync(new StripeClient(key))).ShouldBe(story);
    }

    static readonly string[] story =
    [
        "active 4900 paid subscription_create",
        "parent subscription_details, line subscription_item_details",
        "preview -4900 9900",
        "refund succeeded, charge_already_refunded",
        "unknown parameter_unknown",
        "canceled",
    ];

    static async Task<List<string>> TellAsync(StripeClient client)
    {
        var (api, told) = (client.V1, new List<string>());
        var product = await api.Products.CreateAsync(new() { Name = "Contract" });
        Task<Price> PriceAsync(long amount) => api.Prices.CreateAsync(new() { Product = product.Id, UnitAmount = amount, Currency = "usd", Recurring = new() { Interval = "month" } });
        var (small, large) = (await PriceAsync(4900), await PriceAsync(9900));
        var customer = await api.Customers.CreateAsync(new() { Email = "contract@example.com" });
        var method = await api.PaymentMethods.AttachAsync("pm_card_visa", new() { Customer = customer.Id });
        var subscription = await api.Subscriptions.CreateAsync(new() { Customer = customer.Id, DefaultPaymentMethod = method.Id, Items = [new() { Price = small.Id }] });
        var invoice = await api.Invoices.GetAsync(subscription.LatestInvoiceId, new() { Expand = ["payments"] });
        told.Add($"{subscription.Status} {invoice.AmountPaid} {invoice.Status} {invoice.BillingReason}");
        told.Add($"parent {invoice.Parent.Type}, line {invoice.Lines.Single().Parent.Type}");
        var item = subscription.Items.Single();
        var preview = await api.Invoices.CreatePreviewAsync(new()
        {
            Customer = customer.Id,
            Subscription = subscription.Id,
            SubscriptionDetails = new() { ProrationBehavior = "always_invoice", ProrationDate = item.CurrentPeriodStart, Items = [new() { Id = item.Id, Price = large.Id }] },
        });
        told.Add("preview " + string.Join(' ', preview.Lines.Select(line => line.Amount)));
        var refund = await api.Refunds.CreateAsync(new() { PaymentIntent = invoice.Payments.Single().Payment.PaymentIntentId });
        told.Add($"refund {refund.Status}, {await CodeAsync(api.Refunds.CreateAsync(new() { PaymentIntent = refund.PaymentIntentId }))}");
        var wrong = new CustomerUpdateOptions();
        wrong.AddExtraParam("colour", "blue");
        told.Add($"unknown {await CodeAsync(api.Customers.UpdateAsync(customer.Id, wrong))}");
        told.Add((await api.Subscriptions.CancelAsync(subscription.Id)).Status);
        await api.Customers.DeleteAsync(customer.Id);
        return told;
    }

    static async Task<string> CodeAsync(Task request) => (await Should.ThrowAsync<StripeException>(request)).StripeError.Code;
}
