using System.Net.Http.Json;
using ControlPlane.Client;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Billing;

/// <summary>What a customer pays, from the first plan to the refund, through the API alone.</summary>
public sealed class BillingJourneyTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_plan_costs_what_its_preview_shows_and_every_cent_of_it_is_accounted_for()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        await world.AddContractAsync(PartyKind.Vendor, "vendor", ShareBasis.GrossExTax, 200_000);
        await PatchCustomerAsync(world, new UpdateCustomerRequest(190_000));

        var shown = await world.PostAsync<PreviewResource>("v1/billing/preview", new PreviewRequest("pro"));
        var instance = await world.Customer.Client.CreateInstanceAsync(new CreateInstanceRequest("orders", "pro"));
        var invoice = (await world.InvoicesAsync()).Single();

        shown.ShouldSatisfyAllConditions(p => p.Kind.ShouldBe("start"), p => p.SubtotalMinor.ShouldBe(2900), p => p.TaxMinor.ShouldBe(551), p => p.TotalMinor.ShouldBe(3451));
        invoice.ShouldSatisfyAllConditions(
            i => i.TotalMinor.ShouldBe(shown.TotalMinor), i => i.State.ShouldBe("open"), i => i.Number.ShouldBe("INV-2026-000001"), i => i.Lines.Single().InstanceId.ShouldBe(instance.Id),
            i => i.DueAt.ShouldBe(BillingWorld.Start.AddDays(14)));
        (await world.BalancesAsync()).ShouldBe(new Dictionary<string, long> { ["AR"] = 3451, ["REV"] = -2900, ["TAX"] = -551 }, ignoreOrder: true);

        var payment = await world.OperateAsync<PaymentResource>($"v1/operator/invoices/{invoice.Id}/receipts", new RecordReceiptRequest(3451, "SEPA 1", FeeMinor: 51));
        (await world.OperateAsync<PaymentResource>($"v1/operator/invoices/{invoice.Id}/receipts", new RecordReceiptRequest(3451, "SEPA 1"))).Id.ShouldBe(payment.Id);

        (await world.InvoicesAsync()).Single().State.ShouldBe("paid");
        var paid = await world.BalancesAsync();
        (paid["BANK"], paid["FEE"], paid["AR"], paid["V.EXP"], paid["V.HELD"]).ShouldBe((3400, 51, 0, 580, -580));

        var refund = await world.OperateAsync<RefundResource>($"v1/operator/payments/{payment.Id}/refunds", new AmountRequest(3451, "not what was needed", "SEPA 2"));
        refund.ShouldSatisfyAllConditions(r => r.State.ShouldBe("succeeded"), r => r.TaxMinor.ShouldBe(551), r => r.CreditNoteId.ShouldNotBeNull());
        var back = await world.BalancesAsync();
        (back["BANK"], back["REV"], back["TAX"], back["V.EXP"], back["V.HELD"]).ShouldBe((-51, 0, 0, 0, 0));
    }

    [Fact]
    public async Task An_upgrade_gives_unused_time_back_and_charges_the_rest_as_previewed()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        var instance = await world.Server.AddRunningInstanceAsync(world.Customer, plan: "hobby");
        await world.PassAsync(TimeSpan.FromDays(10));

        var shown = await world.PostAsync<PreviewResource>("v1/billing/preview", new PreviewRequest("pro", instance.Id));
        // March has 31 days, 21 of which are left.
        shown.Lines.Select(l => l.AmountMinor).ShouldBe([-610, 1965]);
        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro", null, shown.ProrationAt, shown.TotalMinor + 1)).ShouldBeRefusedAsync("preview_expired");
        world.Clock.Advance(TimeSpan.FromMinutes(9));
        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro", null, shown.ProrationAt, shown.TotalMinor));

        (await world.InvoicesAsync())[^1].ShouldSatisfyAllConditions(i => i.TotalMinor.ShouldBe(1355), i => i.Reason.ShouldBe("change"));
        (await world.Customer.Client.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
        // Another change within the period gives back the upgrade's part only.
        (await world.PostAsync<PreviewResource>("v1/billing/preview", new PreviewRequest("business", instance.Id))).Lines.Count.ShouldBe(2);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("business", null, shown.ProrationAt, 1)).ShouldBeRefusedAsync("preview_expired");
    }

    [Fact]
    public async Task A_smaller_plan_begins_with_the_next_period_and_can_be_taken_back_until_then()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        var instance = await world.Server.AddRunningInstanceAsync(world.Customer, plan: "pro");

        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("hobby"));
        (await world.Customer.Client.GetInstanceAsync(instance.Id)).ShouldSatisfyAllConditions(i => i.Plan.ShouldBe("pro"), i => i.NextPlan.ShouldBe("hobby"), i => i.NextPlanAt.ShouldBe(BillingWorld.Start.AddMonths(1)));
        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro"));
        (await world.Customer.Client.GetInstanceAsync(instance.Id)).NextPlan.ShouldBeNull();
        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("pro")).ShouldBeRefusedAsync("plan_unchanged");

        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("free"));
        await world.OperateAsync<PaymentResource>($"v1/operator/invoices/{(await world.InvoicesAsync())[0].Id}/receipts", new RecordReceiptRequest(2900, "SEPA 1"));
        await world.PassAsync(TimeSpan.FromDays(32));
        (await world.Customer.Client.GetInstanceAsync(instance.Id)).Plan.ShouldBe("free");
        (await world.InvoicesAsync()).Count.ShouldBe(1);
        (await world.GetAsync<BillingResource>("v1/billing")).ShouldSatisfyAllConditions(b => b.Items.ShouldBeEmpty(), b => b.PeriodEnd.ShouldBeNull());
    }

    [Fact]
    public async Task Unused_time_of_an_immediate_downgrade_meets_the_next_invoice_and_shares_follow_the_cash()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        await world.AddContractAsync(PartyKind.Vendor, "vendor", ShareBasis.GrossExTax, 200_000);
        var instance = await world.Server.AddRunningInstanceAsync(world.Customer, plan: "pro");
        await world.OperateAsync<PaymentResource>($"v1/operator/invoices/{(await world.InvoicesAsync())[0].Id}/receipts", new RecordReceiptRequest(2900, "SEPA 1"));
        await world.Customer.Client.ChangePlanAsync(instance.Id, new ChangePlanRequest("hobby", "now"));

        var billing = await world.GetAsync<BillingResource>("v1/billing");
        billing.BalanceMinor.ShouldBe(2000);
        (await world.GetAsync<Page<CreditNoteResource>>("v1/billing/credit-notes")).Items.Single().ToBalanceMinor.ShouldBe(2000);
        await world.PassAsync(TimeSpan.FromDays(31));

        // The balance meets three renewals of 9.00, the last one in part.
        await world.PassAsync(TimeSpan.FromDays(61));
        (await world.InvoicesAsync()).Skip(1).Select(i => (i.FromBalanceMinor, i.State)).ShouldBe([(900L, "paid"), (900L, "paid"), (200L, "open")]);
        await world.OperateAsync<PaymentResource>($"v1/operator/invoices/{(await world.InvoicesAsync())[^1].Id}/receipts", new RecordReceiptRequest(700, "SEPA 2"));
        (await world.BalancesAsync())["V.EXP"].ShouldBe(580 + 140);
    }

    [Fact]
    public async Task A_year_has_twelve_periods_of_whole_months()
    {
        await using var world = await BillingWorld.StartAsync(postgres, "--Billing:TermsDays=365");
        await world.Server.AddRunningInstanceAsync(world.Customer, plan: "pro");
        await world.PassAsync(TimeSpan.FromDays(360), TimeSpan.FromDays(5));

        var invoices = await world.InvoicesAsync();
        invoices.Count.ShouldBe(12);
        invoices.Select(i => i.Lines.Single().PeriodStart).ShouldBe(Enumerable.Range(0, 12).Select(m => BillingWorld.Start.AddMonths(m)));
        invoices.ShouldAllBe(i => i.TotalMinor == 2900);
        (await world.BalancesAsync())["AR"].ShouldBe(12 * 2900);
    }

    [Fact]
    public async Task Payments_in_parts_and_a_surplus_leave_nothing_over()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        await world.Server.AddRunningInstanceAsync(world.Customer, plan: "pro");
        var invoice = (await world.InvoicesAsync()).Single();
        foreach (var (minor, reference) in new[] { (1000L, "a"), (1000L, "b"), (1000L, "c") })
            await world.OperateAsync<PaymentResource>($"v1/operator/invoices/{invoice.Id}/receipts", new RecordReceiptRequest(minor, reference));

        (await world.BalancesAsync()).ShouldSatisfyAllConditions(b => b["AR"].ShouldBe(0), b => b["CUSTBAL"].ShouldBe(-100), b => b["BANK"].ShouldBe(3000));
        using var late = await world.Operator.PostAsync($"v1/operator/invoices/{invoice.Id}/receipts", new RecordReceiptRequest(1, "d"));
        await late.ShouldBeRefusedAsync(409, "invoice_settled");
    }

    [Fact]
    public async Task A_refund_above_the_limit_needs_somebody_else()
    {
        await using var world = await BillingWorld.StartAsync(postgres, "--Billing:Refunds:ApprovalAboveMinor=1000");
        var other = await world.Server.AddOperatorAsync();
        await world.Server.AddRunningInstanceAsync(world.Customer, plan: "pro");
        var payment = await world.OperateAsync<PaymentResource>($"v1/operator/invoices/{(await world.InvoicesAsync())[0].Id}/receipts", new RecordReceiptRequest(2900, "SEPA 1"));

        var refund = await world.OperateAsync<RefundResource>($"v1/operator/payments/{payment.Id}/refunds", new AmountRequest(2000, "an outage", "SEPA 2"));
        refund.State.ShouldBe("awaiting_approval");
        using var own = await world.Operator.PostAsync($"v1/operator/refunds/{refund.Id}/approve");
        await own.ShouldBeRefusedAsync(403, "own_refund");
        using var tooMuch = await world.Operator.PostAsync($"v1/operator/payments/{payment.Id}/refunds", new AmountRequest(901, "more"));
        await tooMuch.ShouldBeRefusedAsync(409, "refund_too_large");
        using var approved = await other.PostAsync($"v1/operator/refunds/{refund.Id}/approve");
        (await approved.ReadAsync<RefundResource>()).State.ShouldBe("pending");
        (await world.OperateAsync<RefundResource>($"v1/operator/refunds/{refund.Id}/settle", new SettleRefundRequest("SEPA 3"))).State.ShouldBe("succeeded");
        (await world.BalancesAsync())["BANK"].ShouldBe(900);
        (await world.AskOperatorAsync<Page<RefundResource>>("v1/operator/refunds")).Items.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            listed => listed.Provider.ShouldBe("manual"), listed => listed.RequestedByName.ShouldBe(world.Operator.Account.User.Email), listed => listed.ApprovedByName.ShouldBe(other.Account.User.Email));

        (await world.OperateAsync<RefundResource>($"v1/operator/refunds/{refund.Id}/fail", new ReasonRequest("returned by the bank"))).State.ShouldBe("failed");
        (await world.BalancesAsync()).ShouldSatisfyAllConditions(b => b["BANK"].ShouldBe(2900), b => b["REV"].ShouldBe(-2900));
    }

    [Fact]
    public async Task Fifty_who_redeem_the_last_coupon_at_once_are_one()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        await world.OperateAsync<CouponResource>("v1/operator/coupons", new CreateCouponRequest("LAST", "forever", 500_000, RedemptionsMax: 1));
        var people = new List<Customer>();
        for (var i = 0; i < 10; i++)
            people.Add(await world.Server.SignUpAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => people[i % 10].PostAsync("v1/billing/coupons", new RedeemCouponRequest("last"))));

        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(1);
        (await world.AskOperatorAsync<Page<CouponResource>>("v1/operator/coupons")).Items.Single().Redemptions.ShouldBe(1);
    }

    [Fact]
    public async Task An_add_on_grows_the_instance_at_once_and_ends_with_the_period()
    {
        await using var world = await BillingWorld.StartAsync(postgres, "--Billing:TermsDays=90");
        var instance = await world.Server.AddRunningInstanceAsync(world.Customer, plan: "pro");

        var billing = await world.PostAsync<BillingResource>("v1/billing/add-ons", new AddAddOnRequest("storage-10gb", instance.Id, 2));
        (await world.Customer.Client.GetStatsAsync(instance.Id)).Limits.StorageBytesMax.ShouldBe((5 * 1024L + 20_480) << 20);
        (await world.InvoicesAsync())[^1].TotalMinor.ShouldBe(1000);

        using var removed = await world.Customer.Http.DeleteAsync($"v1/billing/add-ons/{billing.Items.Single(i => i.IsAddOn).Id}");
        removed.IsSuccessStatusCode.ShouldBeTrue();
        await world.PassAsync(TimeSpan.FromDays(32));
        (await world.Customer.Client.GetStatsAsync(instance.Id)).Limits.StorageBytesMax.ShouldBe(5 * 1024L << 20);
        (await world.InvoicesAsync())[^1].TotalMinor.ShouldBe(2900);
    }

    [Fact]
    public async Task A_trial_costs_nothing_until_it_ends_and_comes_once()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        var first = await world.Server.AddRunningInstanceAsync(world.Customer, "first", "business");
        first.TrialEndsAt.ShouldBe(BillingWorld.Start.AddDays(14));
        (await world.InvoicesAsync()).ShouldBeEmpty();
        (await world.BalancesAsync()).ShouldBeEmpty();

        await world.PassAsync(TimeSpan.FromDays(14));
        var invoice = (await world.InvoicesAsync()).Single();
        (invoice.TotalMinor, invoice.Lines.Single().PeriodStart).ShouldBe((9900, BillingWorld.Start.AddDays(14)));
        await world.Server.AddRunningInstanceAsync(world.Customer, "second", "business");
        (await world.InvoicesAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_sees_or_changes_anothers_money()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        var stranger = await world.Server.SignUpAsync();
        await world.Server.AddRunningInstanceAsync(world.Customer, plan: "pro");
        var invoice = (await world.InvoicesAsync()).Single();

        using var foreign = await stranger.Http.GetAsync($"v1/billing/invoices/{invoice.Id}");
        await foreign.ShouldBeRefusedAsync(404, "invoice_not_found");
        (await (await stranger.Http.GetAsync("v1/billing/invoices")).ReadAsync<Page<InvoiceResource>>()).Items.ShouldBeEmpty();
        using var record = await stranger.PostAsync($"v1/operator/invoices/{invoice.Id}/receipts", new RecordReceiptRequest(2900, "mine"));
        await record.ShouldBeRefusedAsync(403, "operator_only");
        await using var scope = world.Server.Fleet();
        scope.Db.Scope.EnterOrganization(stranger.Organization);
        (await scope.Db.Invoices.CountAsync()).ShouldBe(0);
    }

    static async Task PatchCustomerAsync(BillingWorld world, UpdateCustomerRequest request)
    {
        using var response = await world.Operator.Http.PatchAsJsonAsync($"v1/operator/customers/{world.Customer.Account.Organization.Id}", request, Json.Options);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }
}
