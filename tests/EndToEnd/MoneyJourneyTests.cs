using System.Globalization;

namespace EndToEnd;

/// <summary>A customer's money in a browser, on a product of its own: from the free plan to the statement of whoever shares in it.</summary>
public sealed class MoneyJourneyTests(Browsers browsers)
{
    const string Operator = "operator@example.com";

    static readonly string[] customerPages =
    [
        "billing", "billing/usage", "billing/details", "billing/add-ons", "billing/payments", "billing/invoices", "instances/{}/rules", "instances/{}/plan", "instances/{}/plan/hobby",
    ];

    static readonly string[] operatorPages =
    [
        "operator/money", "operator/money/customers", "operator/money/invoices", "operator/money/payments", "operator/money/refunds", "operator/money/coupons", "operator/money/plans",
        "operator/money/plans/pro", "operator/money/ledger", "operator/money/journals", "operator/money/months", "operator/money/contracts", "operator/money/parties",
        "operator/money/parties/vendor:acme", "operator/money/payouts", "operator/money/statements", "operator/money/statements/vendor:acme/{}/USD", "operator/money/clock",
        "parties/vendor:acme", "parties/vendor:acme/statements/{}/USD",
    ];

    [Fact]
    public async Task From_the_free_plan_to_a_paid_one_by_hand_an_upgrade_a_refund_and_the_statement()
    {
        await using var product = new Product();
        await product.InitializeAsync();
        await MakeOperatorWithVendorAsync(product);
        await using var customer = await browsers.OpenAsync(Look.Light, product.Portal);
        await using var operating = await browsers.OpenAsync(Look.Dark, product.Portal);
        await operating.Page.SignInAsync(Operator);

        await customer.Page.SignUpAsync("ada@example.com");
        var instance = await customer.Page.CreateInstanceAsync("orders");
        await ChangePlanAsync(customer, instance, "pro", "Change to Pro for $29.00");
        await customer.Page.GotoAsync("billing/invoices");
        await customer.CheckAsync("money-1-invoice-open");
        await RecordReceiptAsync(operating, "SEPA 1");
        await customer.Page.GotoAsync("billing");
        await customer.CheckAsync("money-2-paid");

        await ChangePlanAsync(customer, instance, "business", "Change to Business for $");
        await RecordReceiptAsync(operating, "SEPA 2");
        await UseWhatWasPaidForAsync(customer, instance);
        await RefundAsync(operating, "SEPA 1");

        var month = TimeProvider.System.GetUtcNow().ToString("yyyy-MM", CultureInfo.InvariantCulture);
        await operating.Page.GotoAsync($"operator/money/statements/vendor:acme/{month}/USD");
        await Expect(operating.Page.GetByRole(AriaRole.Heading, new() { Name = "Acme" })).ToBeVisibleAsync();
        await operating.CheckAsync("money-3-statement");
        // 20 % of 29.00 was given back with the refund; of the upgrade's part it has its share.
        await Expect(operating.Page.GetByText("At the end")).ToBeVisibleAsync();
        (await operating.Page.Locator("tr", new() { HasText = "At the end" }).InnerTextAsync()).ShouldNotContain("$0.00\t$0.00\t$0.00");
        await browsers.LookAroundAsync(product, "ada@example.com", [.. customerPages.Select(path => path.Replace("{}", instance, StringComparison.Ordinal))], path => PictureOf(path, instance));
        await browsers.LookAroundAsync(product, Operator, [.. operatorPages.Select(path => path.Replace("{}", month, StringComparison.Ordinal))], path => PictureOf(path, month));
        customer.Errors.Concat(operating.Errors).ShouldBeEmpty();
    }

    static string PictureOf(string path, string part) => $"money-{path.Replace(part, "one", StringComparison.Ordinal).Replace('/', '-').Replace(':', '-')}";

    static async Task ChangePlanAsync(Window window, string instance, string plan, string button)
    {
        await window.Page.GotoAsync($"instances/{instance}/plan/{plan}");
        await window.Page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{System.Text.RegularExpressions.Regex.Escape(button)}") }).ClickAsync();
        await Expect(window.Page.GetByText("This instance's plan")).ToBeVisibleAsync();
    }

    /// <summary>Throttles come with the larger plan: the job server takes one, and refuses a cron job that makes no sense.</summary>
    static async Task UseWhatWasPaidForAsync(Window window, string instance)
    {
        var page = window.Page;
        await page.GotoAsync($"instances/{instance}/rules");
        var throttle = page.Locator("form").Filter(new() { HasText = "Set the throttle" });
        await throttle.GetByLabel("Name").FillAsync("mail");
        await throttle.GetByLabel("At work at once").FillAsync("5");
        await throttle.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByText("5 at work at once")).ToBeVisibleAsync();

        var cron = page.Locator("form").Filter(new() { HasText = "Add the cron job" });
        await cron.GetByLabel("Schedule").FillAsync("61 2 * * *");
        await cron.GetByLabel("Type of job").FillAsync("Report");
        await cron.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByText("The job server refuses these rules")).ToBeVisibleAsync();
        await cron.GetByLabel("Schedule").FillAsync("30 2 * * *");
        await cron.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByText("30 2 * * * UTC: Report into default")).ToBeVisibleAsync();
    }

    static async Task RecordReceiptAsync(Window window, string reference)
    {
        await window.Page.GotoAsync("operator/money/invoices?state=open");
        await window.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("INV-") }).First.ClickAsync();
        await window.Page.GetByLabel("The bank's reference").FillAsync(reference);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Record the receipt" }).ClickAsync();
        await Expect(window.Page.GetByText("Paid", new() { Exact = true }).First).ToBeVisibleAsync();
    }

    static async Task RefundAsync(Window window, string reference)
    {
        await window.Page.GotoAsync("operator/money/payments");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = $"Refund {reference}" }).ClickAsync();
        await window.Page.GetByLabel("Why").FillAsync("not what was needed");
        await window.Page.GetByLabel("The bank's reference").FillAsync("SEPA 3");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Refund", Exact = true }).ClickAsync();
        await Expect(window.Page.GetByText("not what was needed")).ToBeVisibleAsync();
    }

    /// <summary>Signs up, takes the one-time link with the account, and gives a vendor, whose people are the operator's own, 20 % of every sale.</summary>
    static async Task MakeOperatorWithVendorAsync(Product product)
    {
        var (api, account) = await product.BecomeOperatorAsync(Operator);
        using var calls = api;
        await calls.CallAsync("v1/operator/parties", new { party = "vendor:acme", name = "Acme", destination = "DE00 1234", organization = account.OrganizationId() });
        await calls.CallAsync("v1/operator/contracts", new { party = "vendor:acme", basis = "gross_ex_tax", rate_ppm = 200_000, valid_from = TimeProvider.System.GetUtcNow().AddDays(-1) });
    }
}
