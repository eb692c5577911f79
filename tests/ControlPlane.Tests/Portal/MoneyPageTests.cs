using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Portal;

public sealed class MoneyPageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_conversion_is_recorded_and_a_wrong_one_keeps_what_was_typed()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var staff = await SignInOperatorAsync(portal);
        await staff.GoAsync("/operator/money/ledger");

        await staff.SubmitAsync("Record the conversion", ("Form.SoldMinor", "100.00"), ("Form.BoughtMinor", "much"), ("Form.Reference", "FX 1"));
        staff.Page.QuerySelector(".field-error").ShouldNotBeNull();
        staff.Page.QuerySelector("[name='Form.SoldMinor']")!.GetAttribute("value").ShouldBe("100.00");
        await staff.SubmitAsync("Record the conversion", ("Form.BoughtMinor", "108.30"));

        staff.Text.ShouldContain("The conversion is recorded.");
        staff.Text.ShouldContain("$108.30");
        staff.Text.ShouldContain("€100.00");
    }

    [Fact]
    public async Task A_receipt_settles_the_invoice_and_a_mistyped_one_stays_typed()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var customer = portal.Open();
        await BillingPageTests.CreatePaidAsync(portal, customer);
        using var staff = await SignInOperatorAsync(portal);
        await FirstOfListAsync(staff, "/operator/money/invoices?state=open");

        await staff.SubmitAsync("Record the receipt", ("Form.AmountMinor", "9,00"), ("Form.Reference", "SEPA 4711"));
        staff.Page.QuerySelector("#form-amountminor-error")!.TextContent.ShouldContain("without thousands separators");
        staff.Page.QuerySelector("#form-reference")!.GetAttribute("value").ShouldBe("SEPA 4711");
        await staff.SubmitAsync("Record the receipt", ("Form.AmountMinor", "9.00"));

        staff.Text.ShouldContain("The receipt is recorded.");
        await customer.GoAsync("/billing/payments");
        customer.Text.ShouldContain("SEPA 4711 Invoice $9.00");
    }

    [Fact]
    public async Task An_overdue_invoice_is_said_to_both_sides_and_can_be_written_off()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var customer = portal.Open();
        await BillingPageTests.CreatePaidAsync(portal, customer);
        await portal.Api.ExecuteAsOwnerAsync("UPDATE billing_accounts SET dunning = 'past_due', overdue_since = now() - interval '1 day'");
        using var staff = await SignInOperatorAsync(portal);

        await customer.GoAsync("/billing");
        customer.Text.ShouldContain("An invoice is overdue. Everything works as before.");
        customer.Text.ShouldContain("new instances and larger plans are refused from");
        await FirstOfListAsync(staff, "/operator/money/invoices");
        staff.Text.ShouldContain("This cannot be undone.");
        await staff.SubmitAsync("Write it off");
        staff.Page.QuerySelector("#writeoff-reason-error")!.TextContent.ShouldContain("Say why");
        await staff.SubmitAsync("Write it off", ("WriteOff.Reason", "insolvent"));

        staff.Text.ShouldContain("Written off");
    }

    [Fact]
    public async Task A_refund_is_asked_for_and_settled()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var customer = portal.Open();
        await BillingPageTests.CreatePaidAsync(portal, customer);
        using var staff = await SignInOperatorAsync(portal);
        await FirstOfListAsync(staff, "/operator/money/invoices");
        await staff.SubmitAsync("Record the receipt", ("Form.AmountMinor", "9.00"), ("Form.Reference", "SEPA 4711"));
        await staff.GoAsync("/operator/money/payments");
        await FollowAsync(staff, "Refund");

        await staff.SubmitAsync("Refund", ("Form.AmountMinor", "90"), ("Form.Reason", "goodwill"));
        staff.Page.QuerySelector("#form-amountminor-error")!.TextContent.ShouldContain("can still be paid back");
        await staff.SubmitAsync("Refund", ("Form.AmountMinor", "4"));
        staff.Text.ShouldContain("Waits for the bank");
        await FollowAsync(staff, "Settle");
        await staff.SubmitAsync("It has left the bank", ("Settle.Reference", "SEPA 4712"));

        staff.Text.ShouldContain("Paid back");
        await customer.GoAsync("/billing/payments");
        customer.Text.ShouldContain("$4.00 paid back");
    }

    [Fact]
    public async Task Terms_hold_and_overrides_of_a_customer_are_kept()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var customer = portal.Open();
        await BillingPageTests.CreatePaidAsync(portal, customer);
        using var staff = await SignInOperatorAsync(portal);
        await FirstOfListAsync(staff, "/operator/money/customers");

        await staff.SubmitAsync("Save", ("Terms.TaxRatePpm", "7.7"), ("Terms.TermsDays", "30"));
        staff.Page.QuerySelector("#terms-taxrateppm")!.GetAttribute("value").ShouldBe("7.7", staff.Text);
        await staff.SubmitAsync("Put on hold");
        staff.Page.QuerySelector("#hold-holdreason-error")!.TextContent.ShouldContain("Say why");
        await staff.SubmitAsync("Put on hold", ("Hold.HoldReason", "talking to them"));
        staff.Text.ShouldContain("Reason: talking to them");
        await staff.SubmitAsync("Add the override", ("Form.Key", "instance.connections.max"), ("Form.Value", "many"), ("Form.Reason", "migration"));
        staff.Page.QuerySelector("#form-value-error").ShouldNotBeNull();
        await staff.SubmitAsync("Add the override", ("Form.Value", "1000"));

        staff.Text.ShouldContain("instance.connections.max 1000 All instances migration");
    }

    [Fact]
    public async Task New_terms_of_a_plan_become_its_next_version()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var staff = await SignInOperatorAsync(portal);
        await staff.GoAsync("/operator/money/plans/hobby");

        await staff.SubmitAsync("Offer these terms", ("Form.Prices[0].Amount", "nine"));
        staff.Page.QuerySelector(".field-error")!.TextContent.ShouldContain("“nine”");
        await staff.SubmitAsync("Offer these terms", ("Form.Prices[0].Amount", "10.00"));

        staff.Path.ShouldBe("/operator/money/plans", staff.Text);
        staff.Text.ShouldContain("For something small that somebody relies on. 2");
    }

    [Fact]
    public async Task A_contract_shares_what_is_paid_and_the_ledger_says_why()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var staff = await SignInOperatorAsync(portal);
        await staff.GoAsync("/operator/money/parties");
        await staff.SubmitAsync("Add the party", ("Form.Party", "vendor:acme"), ("Form.Name", "Acme Software"), ("Form.Destination", "DE02 1203"));
        staff.Path.ShouldBe("/operator/money/parties/vendor:acme", staff.Text);
        await staff.GoAsync("/operator/money/contracts");
        await staff.SubmitAsync("Make the contract", ("Form.Party", "vendor:acme"), ("Form.Rate", "25"));
        staff.Text.ShouldContain("25 % of the price without tax");
        using var customer = portal.Open();
        await BillingPageTests.CreatePaidAsync(portal, customer);
        await FirstOfListAsync(staff, "/operator/money/invoices");
        await staff.SubmitAsync("Record the receipt", ("Form.AmountMinor", "9.00"), ("Form.Reference", "SEPA 4711"));
        staff.Text.ShouldContain("The receipt is recorded.");

        await staff.GoAsync("/operator/money/journals?account=V.HELD");
        staff.Text.ShouldContain("Shares");
        await FollowAsync(staff, "Shares");

        staff.Text.ShouldContain("Why these amounts");
        staff.Text.ShouldContain("vendor:acme: 25 % of the price without tax");
        staff.Text.ShouldContain("$2.25");
    }

    [Fact]
    public async Task Nobody_but_the_operator_sees_these_pages()
    {
        await using var portal = await PortalServer.StartAsync(postgres);
        using var visitor = portal.Open();
        await visitor.SignUpAsync("eve@example.com");
        foreach (var page in new[] { "", "/customers", "/invoices", "/payments", "/refunds", "/plans", "/coupons", "/parties", "/contracts", "/payouts", "/statements", "/months", "/ledger", "/journals", "/clock" })
        {
            await visitor.GoAsync($"/operator/money{page}");
            visitor.Text.ShouldContain("Your role does not allow this", Case.Sensitive, page);
        }
    }

    internal static async Task<PortalVisitor> SignInOperatorAsync(PortalServer portal)
    {
        var staff = portal.Open();
        await staff.SignUpAsync("staff@example.com");
        await using var scope = portal.Api.Fleet();
        await scope.Db.Users.Where(u => u.Email == "staff@example.com").ExecuteUpdateAsync(set => set.SetProperty(u => u.IsOperator, true));
        return staff;
    }

    static async Task FirstOfListAsync(PortalVisitor visitor, string list)
    {
        await visitor.GoAsync(list);
        await visitor.GoAsync("/" + visitor.Page.QuerySelector("main table a.strong")!.GetAttribute("href"));
    }

    static Task FollowAsync(PortalVisitor visitor, string link)
    {
        var href = visitor.Page.QuerySelectorAll("main table a").First(a => a.TextContent.Trim().StartsWith(link, StringComparison.Ordinal)).GetAttribute("href")!;
        return visitor.GoAsync(new Uri(new Uri("http://portal/"), href).PathAndQuery);
    }
}
