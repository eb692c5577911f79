namespace EndToEnd;

/// <summary>A purchase by card in a browser, with the product as one starts it beside the Stripe double: its pages, the double's, and back.</summary>
public sealed class StripeJourneyTests(Browsers browsers)
{
    const string Operator = "operator@example.com";

    /// <summary>At a page, for what a webhook changes.</summary>
    const int LooksMax = 200;

    [Fact]
    public async Task From_checkout_to_a_refund_through_simulated_Stripe()
    {
        // Each has to know where the other listens.
        var port = Product.FreePort();
        await using var stripe = await SimulatedStripe.StartAsync(port);
        await using var product = new Product { ApiPort = port, Settings = stripe.Settings };
        await product.InitializeAsync();
        await using var customer = await browsers.OpenAsync(Look.Light, product.Portal);
        await using var operating = await browsers.OpenAsync(Look.Dark, product.Portal);

        await customer.Page.SignUpAsync("ada@example.com");
        var instance = await customer.Page.CreateInstanceAsync("orders");
        await BuyAsync(customer, instance, stripe);
        await ChooseCardAsync(customer, stripe);
        await GrowAsync(customer, instance);

        (await product.BecomeOperatorAsync(Operator)).Api.Dispose();
        await operating.Page.SignInAsync(Operator);
        await RefundAsync(operating);
        await browsers.LookAroundAsync(product, "ada@example.com", ["billing", "billing/invoices", $"instances/{instance}/plan"], PictureOf);
        await browsers.LookAroundAsync(product, Operator, ["operator/money/webhooks", "operator/money/reconciliation", "operator/money/invoices", "operator/money/refunds"], PictureOf);
        customer.Errors.Concat(operating.Errors).ShouldBeEmpty();
    }

    static async Task BuyAsync(Window window, string instance, SimulatedStripe stripe)
    {
        var page = window.Page;
        await page.GotoAsync($"instances/{instance}/plan/pro");
        await window.CheckAsync("stripe-1-confirm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter how you pay" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Continue at Stripe" })).ToBeVisibleAsync();
        await window.CheckAsync("stripe-2-leaving");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue at Stripe" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Checkout" })).ToBeVisibleAsync();
        page.Url.ShouldStartWith(stripe.Address.ToString());
        await Expect(page.GetByText("29.00 USD").First).ToBeVisibleAsync();
        await window.CheckAsync("stripe-3-checkout");
        await page.GetByLabel("Card").SelectOptionAsync("pm_card_visa_chargeDeclined");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await Expect(page.GetByText("Your card was declined.")).ToBeVisibleAsync();
        await page.GetByLabel("Card").SelectOptionAsync("pm_card_visa");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();

        // The webhook comes when it comes; the page follows.
        await ShowsPlanAsync(page, instance, "Pro");
        await window.CheckAsync("stripe-4-back");
        await page.GotoAsync("billing/invoices");
        await Expect(page.GetByText("$29.00").First).ToBeVisibleAsync();
        await page.Locator("main table a.strong").First.ClickAsync();
        await Expect(page.GetByText("(orders)").First).ToBeVisibleAsync();
        await window.CheckAsync("stripe-5-invoice");
    }

    static async Task ChooseCardAsync(Window window, SimulatedStripe stripe)
    {
        var page = window.Page;
        await page.GotoAsync("billing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change the payment method" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue at Stripe" }).ClickAsync();
        await Expect(page.GetByText("Invoices are charged to visa •••• 4242.")).ToBeVisibleAsync();
        page.Url.ShouldStartWith(stripe.Address.ToString());
        await window.CheckAsync("stripe-6-payment-method");
        await page.GetByLabel("Card").SelectOptionAsync("pm_card_mastercard");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use this card" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Change the payment method" })).ToBeVisibleAsync();
        page.Url.ShouldNotStartWith(stripe.Address.ToString());
    }

    static async Task GrowAsync(Window window, string instance)
    {
        var page = window.Page;
        await page.GotoAsync($"instances/{instance}/plan/business");
        await Expect(page.GetByText("Unused time").First).ToBeVisibleAsync();
        await window.CheckAsync("stripe-7-preview");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Change to Business for \\$") }).ClickAsync();
        await Expect(page.GetByText("This instance's plan")).ToBeVisibleAsync();
        await ShowsPlanAsync(page, instance, "Business");
    }

    static async Task ShowsPlanAsync(IPage page, string instance, string plan)
    {
        for (var left = LooksMax; ; left--)
        {
            await page.GotoAsync($"instances/{instance}/plan", new() { WaitUntil = WaitUntilState.Load });
            if (left == 0 || await page.Locator(".plan-card.current h3").InnerTextAsync() == plan)
                break;
        }
        await Expect(page.Locator(".plan-card.current h3")).ToHaveTextAsync(plan);
    }

    static async Task RefundAsync(Window window)
    {
        var page = window.Page;
        await page.GotoAsync("operator/money/payments");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Refund") }).Last.ClickAsync();
        await page.GetByLabel("Why").FillAsync("not what was needed");
        await window.CheckAsync("stripe-8-refund");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refund", Exact = true }).ClickAsync();
        await Expect(page.GetByText("not what was needed").First).ToBeVisibleAsync();
    }

    static string PictureOf(string path) => $"stripe-{path.Split('/')[^1]}-{(path.StartsWith("operator", StringComparison.Ordinal) ? "operator" : "customer")}";
}
