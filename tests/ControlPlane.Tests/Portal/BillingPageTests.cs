using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Portal;

public sealed class BillingPageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_paid_instance_is_created_only_after_its_price_was_shown()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        await visitor.GoAsync("/instances/new");

        await visitor.SubmitAsync("Create instance", ("Form.Name", "orders"), ("Form.Plan", "hobby"));
        visitor.Path.ShouldBe("/instances/new");
        visitor.Text.ShouldContain("To pay now$9.00");
        await visitor.SubmitAsync("Create it for $9.00");

        visitor.Path.ShouldStartWith("/instances/ins_", Case.Sensitive, visitor.Text);
        await visitor.GoAsync("/billing/invoices");
        await visitor.GoAsync("/" + visitor.Page.QuerySelector("main table a")!.GetAttribute("href"));
        visitor.Text.ShouldContain("How to pay");
        visitor.Page.QuerySelector("#pay-reference")!.TextContent.ShouldBe(visitor.Page.QuerySelector("h1")!.TextContent.Trim().Split(' ', '\n')[0]);
    }

    [Fact]
    public async Task An_amount_that_was_not_shown_is_not_paid()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        await visitor.GoAsync("/instances/new");
        await visitor.SubmitAsync("Create instance", ("Form.Name", "orders"), ("Form.Plan", "hobby"));

        await visitor.SubmitAsync("Create it for $9.00", ("Form.ExpectedTotalMinor", "800"));

        visitor.Text.ShouldContain("Nothing was created");
        visitor.Text.ShouldContain("To pay now$9.00");
    }

    [Fact]
    public async Task A_smaller_plan_waits_for_the_end_of_the_period_and_can_be_taken_back()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        var id = await CreatePaidAsync(portal, visitor);
        await visitor.GoAsync($"/instances/{id}/plan/free");
        visitor.Text.ShouldContain("No longer:");

        await visitor.SubmitAsync("Change to Free on");
        visitor.Path.ShouldBe($"/instances/{id}/plan", visitor.Text);
        visitor.Text.ShouldContain("moves from Hobby to Free");
        await portal.Api.FinishOperationsAsync(id);
        await visitor.SubmitAsync("Keep Hobby");

        visitor.Text.ShouldContain("The plan stays as it is");
        visitor.Text.ShouldNotContain("moves from Hobby");
    }

    [Fact]
    public async Task A_larger_plan_shows_what_is_given_back_and_charged()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        var id = await CreatePaidAsync(portal, visitor);

        await visitor.GoAsync($"/instances/{id}/plan/pro");
        visitor.Text.ShouldContain("−$9.00");
        visitor.Text.ShouldContain("$29.00");
        await visitor.SubmitAsync("Change to Pro for $20.00");

        visitor.Path.ShouldBe($"/instances/{id}/plan", visitor.Text);
        await visitor.GoAsync("/billing");
        visitor.Text.ShouldContain("Pro orders Active");
    }

    [Fact]
    public async Task Billing_details_that_are_refused_stay_typed()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        await visitor.GoAsync("/billing/details");

        await visitor.SubmitAsync("Save", ("Form.Name", "Ada Ltd"), ("Form.Address", "1 High Street"), ("Form.Country", "Germany"));
        visitor.Page.QuerySelector("#form-country-error")!.TextContent.ShouldContain("two capital letters");
        visitor.Page.QuerySelector("#form-address")!.TextContent.ShouldBe("1 High Street");
        await visitor.SubmitAsync("Save", ("Form.Country", "DE"));

        visitor.Text.ShouldContain("It counts for the invoices that follow.");
        visitor.Page.QuerySelector("#form-address")!.TextContent.ShouldBe("1 High Street");
    }

    [Fact]
    public async Task A_coupon_that_nobody_knows_is_refused_at_its_field()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("ada@example.com");
        await visitor.GoAsync("/billing");

        await visitor.SubmitAsync("Redeem", ("Coupon.Code", "NOBODY"));

        visitor.Page.QuerySelector("#coupon-code-error")!.TextContent.ShouldContain("no coupon with this code");
    }

    [Fact]
    public async Task An_add_on_is_added_and_ended()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await CreatePaidAsync(portal, visitor);
        await visitor.GoAsync("/billing/add-ons");

        await visitor.SubmitAsync("Add it", ("Form.AddOn", "storage-10gb"));
        visitor.Text.ShouldContain("It is added");
        await visitor.SubmitAsync("End it");

        visitor.Text.ShouldContain("Ends with the period");
    }

    [Fact]
    public async Task An_invoice_can_be_printed_by_its_customer_alone()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await CreatePaidAsync(portal, visitor);
        await visitor.GoAsync("/billing/invoices");
        var id = visitor.Page.QuerySelector("main table a")!.GetAttribute("href")!.Split('/')[^1];

        await visitor.GoAsync($"/billing/files/{id}.html");
        visitor.Page.QuerySelector("h1")!.TextContent.ShouldStartWith("Invoice INV-");
        visitor.LastResponse.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("style-src 'unsafe-inline'");
        visitor.LastResponse.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        using var eve = portal.Open();
        await eve.SignUpAsync("eve@example.com");
        await eve.GoAsync($"/billing/files/{id}.html");

        eve.LastResponse.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    internal static async Task<string> CreatePaidAsync(PortalServer portal, PortalVisitor visitor)
    {
        await visitor.SignUpAsync("ada@example.com");
        await visitor.GoAsync("/instances/new");
        await visitor.SubmitAsync("Create instance", ("Form.Name", "orders"), ("Form.Plan", "hobby"));
        await visitor.SubmitAsync("Create it for");
        var id = visitor.Path.Split('/')[^1];
        await portal.Api.ProvisionAsync(id);
        return id;
    }
}
