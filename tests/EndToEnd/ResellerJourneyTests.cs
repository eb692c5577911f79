namespace EndToEnd;

/// <summary>A reseller's business in a browser, on a product of its own: from its brand and its first customer to the one that leaves with everything.</summary>
public sealed class ResellerJourneyTests(Browsers browsers)
{
    const string Operator = "operator@example.com", Staff = "staff@resale.example", Owner = "owner@initech.example";

    // 40 x 40 points of one colour.
    static readonly byte[] logo = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAACgAAAAoCAIAAAADnC86AAAAL0lEQVR42u3NMQ0AAAgDsP24xQO+MUHC06R/Uz0vIhaLxWKxWCwWi8VisVgsFt9Zv41M28BkPuIAAAAASUVORK5CYII=");

    static readonly string[] resellerPages =
    [
        "reseller", "reseller/customers", "reseller/instances", "reseller/money", "reseller/keys", "reseller/platforms", "reseller/webhooks", "reseller/deliveries", "reseller/brand", "reseller/brand/mail",
    ];

    [Fact]
    public async Task From_the_first_customer_under_a_brand_of_ones_own_to_the_one_that_takes_over()
    {
        await using var product = new Product();
        await product.InitializeAsync();
        var organization = await SignUpAsync(product);
        await using var operating = await browsers.OpenAsync(Look.Light, product.Portal);
        await using var selling = await browsers.OpenAsync(Look.Light, product.Portal);
        await using var owning = await browsers.OpenAsync(Look.Light, product.Portal);

        await operating.Page.SignInAsync(Operator);
        await operating.Page.GotoAsync("operator/resellers");
        await operating.Page.GetByLabel("Organization").FillAsync(organization);
        await PressAsync(operating, "Make it a reseller");
        await Expect(operating.Page.GetByRole(AriaRole.Cell, new() { NameRegex = new("^Resale") })).ToBeVisibleAsync();
        await operating.CheckAsync("reseller-1-made");

        await selling.Page.SignInAsync(Staff);
        await SetBrandAsync(selling);
        await CreateCustomerAsync(selling);
        await CertifyAsync(selling);

        await operating.Page.GotoAsync("operator/mails");
        await operating.Page.GotoAsync((await operating.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Initech at Resale Queues, to") }).GetAttributeAsync("href"))!);
        await Expect(operating.Page.GetByRole(AriaRole.Img, new() { Name = "Resale Queues" })).ToBeVisibleAsync();
        await operating.CheckAsync("reseller-4-mail");
        var invitation = await operating.Page.GetByRole(AriaRole.Link, new() { Name = "Choose a password" }).GetAttributeAsync("href");

        await owning.Page.GotoAsync(invitation!);
        await owning.CheckAsync("reseller-5-join");
        await owning.Page.GetByLabel("Password").FillAsync(Visitor.Password);
        await PressAsync(owning, "Join and sign in");
        await Expect(owning.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("orders") }).First).ToBeVisibleAsync();
        await Expect(owning.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("Resale Queues");
        await owning.CheckAsync("reseller-6-owner");
        await browsers.LookAroundAsync(product, Staff, resellerPages, PictureOf);
        await browsers.LookAroundAsync(product, Owner, ["organization/reseller"], PictureOf);
        await browsers.LookAroundAsync(product, Operator, ["operator/resellers"], PictureOf);

        await owning.Page.GotoAsync("organization/reseller");
        await PressAsync(owning, "Take over now");
        await Expect(owning.Page.GetByText("The organization is all yours.")).ToBeVisibleAsync();
        await Expect(owning.Page.GetByRole(AriaRole.Banner)).Not.ToContainTextAsync("Resale Queues");
        await selling.Page.GotoAsync("reseller/customers");
        await Expect(selling.Page.GetByText("Initech")).Not.ToBeVisibleAsync();
        operating.Errors.Concat(selling.Errors).Concat(owning.Errors).ShouldBeEmpty();
    }

    static async Task SetBrandAsync(Window window)
    {
        await window.Page.GotoAsync("reseller/brand");
        await window.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Resale Queues");
        await window.Page.GetByLabel("Main colour").FillAsync("#0b7285");
        await window.Page.GetByLabel("Sender's address").FillAsync("queues@resale.example");
        await window.Page.GetByLabel("Logo").SetInputFilesAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = logo });
        await PressAsync(window, "Save");
        await Expect(window.Page.GetByRole(AriaRole.Img, new() { Name = "Your logo now" })).ToBeVisibleAsync();
    }

    static async Task CreateCustomerAsync(Window window)
    {
        var page = window.Page;
        await page.GotoAsync("reseller/customers");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Initech");
        await page.GetByLabel("Your id").FillAsync("initech");
        await page.GetByLabel("Owner's e-mail address").FillAsync(Owner);
        await PressAsync(window, "Create customer");
        await Expect(page.GetByText("The customer is there, and its owner has an invitation.")).ToBeVisibleAsync();
        await window.CheckAsync("reseller-2-customer");
        await page.GetByLabel("Your id").FillAsync("initech-orders");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("orders");
        await page.GetByLabel("Plan").SelectOptionAsync("free");
        await PressAsync(window, "Create instance");
        await Expect(page.GetByText("Your id: initech-orders.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Running", new() { Exact = true })).ToBeVisibleAsync();
        await window.CheckAsync("reseller-3-instance");
    }

    static async Task CertifyAsync(Window window)
    {
        var page = window.Page;
        await page.GotoAsync("reseller/platforms");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Faktory on Heroku");
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync("faktory");
        await PressAsync(window, "Add platform");
        await Expect(page.GetByText("copy what is secret now")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Certification of Faktory on Heroku" }).ClickAsync();
        await PressAsync(window, "Run certification");
        await Expect(page.GetByText("Passed", new() { Exact = true })).ToBeVisibleAsync();
        await window.CheckAsync("reseller-4-certification");
    }

    static string PictureOf(string path) => $"reseller-{path.Replace('/', '-')}";

    static Task PressAsync(Window window, string button) => window.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <returns>The id of the organization that is to be a reseller.</returns>
    static async Task<string> SignUpAsync(Product product)
    {
        var (api, _) = await product.BecomeOperatorAsync(Operator);
        using var calls = api;
        return (await calls.CallAsync("v1/signup", new { email = Staff, password = Visitor.Password, organization = "Resale" })).OrganizationId();
    }
}
