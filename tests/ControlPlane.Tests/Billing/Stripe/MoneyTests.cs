using System.Net.Http.Json;
using ControlPlane.Client;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Billing.Stripe;

/// <summary>Every cent that Stripe moves, in the ledger and in the shares.</summary>
public sealed class MoneyTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Fee_tax_and_shares_are_booked_to_the_cent()
    {
        await using var world = await StartAsync();
        (await world.Billing.InvoicesAsync()).Single().ShouldSatisfyAllConditions(i => i.TaxMinor.ShouldBe(551), i => i.TotalMinor.ShouldBe(3451));
        // 2.9 % of 34.51 and 0.30; a fifth of what the plan costs without tax.
        (await world.Billing.BalancesAsync()).ShouldBe(
            new Dictionary<string, long> { ["STRIPE"] = 3451 - 130, ["FEE"] = 130, ["REV"] = -2900, ["TAX"] = -551, ["V.EXP"] = 580, ["V.HELD"] = -580 }, ignoreOrder: true);
        await using var fleet = world.Server.Fleet();
        (await fleet.Db.Journals.Select(j => new { j.Provider, j.Mode }).Distinct().ToListAsync()).Single().ShouldSatisfyAllConditions(j => j.Provider.ShouldBe("stripe-double"), j => j.Mode.ShouldBe(LedgerMode.Simulated));
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task Refunds_in_parts_end_at_nothing_and_each_has_the_credit_note_that_Stripe_wrote()
    {
        await using var world = await StartAsync();
        var payment = await PaymentAsync(world);
        foreach (var part in new[] { 1000L, 1000, 1451 })
        {
            (await world.Billing.OperateAsync<RefundResource>($"v1/operator/payments/{payment.Id}/refunds", new AmountRequest(part, "not what was needed"))).State.ShouldBe("pending");
            await world.RunAsync();
        }

        (await world.Billing.AskOperatorAsync<Page<RefundResource>>("v1/operator/refunds")).Items.ShouldAllBe(r => r.State == "succeeded" && r.Reference != null && r.Provider == "stripe");
        var notes = await world.Customer.ListCreditNotesAsync();
        notes.Items.ShouldAllBe(n => n.Number.Contains("-CN-") && n.Reason == "not what was needed");
        notes.Items.Sum(n => n.RefundedMinor).ShouldBe(3451);
        (await world.Billing.BalancesAsync()).Where(b => b.Value != 0).ToDictionary().ShouldBe(new Dictionary<string, long> { ["STRIPE"] = -130, ["FEE"] = 130 }, ignoreOrder: true);
        await world.ShouldHoldWhatStripeHoldsAsync();
        using var more = await world.Billing.Operator.PostAsync($"v1/operator/payments/{payment.Id}/refunds", new AmountRequest(1, "more"));
        await more.ShouldBeRefusedAsync(409, "refund_too_large");
    }

    [Fact]
    public async Task A_refund_that_the_bank_sends_back_gives_the_parties_their_shares_again()
    {
        await using var world = await StartAsync();
        var before = await world.Billing.BalancesAsync();
        var charge = (await world.At.Charges.ListAsync()).Single();
        var refund = await world.At.Refunds.CreateAsync(new() { Charge = charge.Id, Amount = 1451 });
        await world.HearAsync();
        (await world.Billing.BalancesAsync())["V.HELD"].ShouldBe(-580 + 244);

        await world.Stripe.FailRefundAsync(refund.Id);
        await world.HearAsync();
        (await world.Billing.BalancesAsync()).ShouldBe(before, ignoreOrder: true);
        (await world.Billing.AskOperatorAsync<Page<RefundResource>>("v1/operator/refunds")).Items.Single().State.ShouldBe("failed");
        (await PaymentAsync(world)).RefundableMinor.ShouldBe(3451);
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task A_dispute_that_is_lost_takes_cash_and_shares_and_one_that_is_won_gives_them_back()
    {
        await using var world = await StartAsync();
        var charge = (await world.At.Charges.ListAsync()).Single();
        var dispute = (string)(await world.Stripe.OpenDisputeAsync(charge.Id))["id"]!;
        await world.HearAsync();
        var open = await world.Billing.BalancesAsync();
        (open["STRIPE"], open["DISPUTED"], open["DFEE"], open["V.HELD"]).ShouldBe((3321 - 3451 - 1500, 3451, 1500, -580));
        (await FrozenAsync(world)).ShouldBeTrue();

        await world.Stripe.WinDisputeAsync(dispute);
        await world.HearAsync();
        var won = await world.Billing.BalancesAsync();
        (won["STRIPE"], won["DISPUTED"], won["REV"], won["V.HELD"]).ShouldBe((3321 - 1500, 0, -2900, -580));
        (await FrozenAsync(world)).ShouldBeFalse();
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task A_dispute_takes_no_more_shares_than_a_refund_has_left()
    {
        await using var world = await StartAsync();
        var charge = (await world.At.Charges.ListAsync()).Single();
        await world.At.Refunds.CreateAsync(new() { Charge = charge.Id, Amount = 1000 });
        // The bank takes all of the payment, although a part of it had gone back already.
        var dispute = (string)(await world.Stripe.OpenDisputeAsync(charge.Id, amount: 3451))["id"]!;
        await world.Stripe.LoseDisputeAsync(dispute);
        await world.HearAsync();

        var lost = await world.Billing.BalancesAsync();
        (lost["REV"], lost["TAX"], lost["V.HELD"], lost["V.EXP"], lost["DISPUTED"]).ShouldBe((0, 0, 0, 0, 0));
        // What was lost beyond the payment is the operator's.
        lost["FX"].ShouldBe(1000);
        (await PaymentAsync(world)).ShouldSatisfyAllConditions(p => p.RefundedMinor.ShouldBe(1000), p => p.LostMinor.ShouldBe(2451), p => p.RefundableMinor.ShouldBe(0));
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task An_inquiry_moves_nothing()
    {
        await using var world = await StartAsync();
        var before = await world.Billing.BalancesAsync();
        var charge = (await world.At.Charges.ListAsync()).Single();
        var dispute = (string)(await world.Stripe.OpenDisputeAsync(charge.Id, isInquiry: true))["id"]!;
        await world.HearAsync();
        (await world.Billing.BalancesAsync()).ShouldBe(before, ignoreOrder: true);
        (await FrozenAsync(world)).ShouldBeFalse();

        await world.Stripe.EscalateDisputeAsync(dispute);
        await world.HearAsync();
        (await world.Billing.BalancesAsync())["DISPUTED"].ShouldBe(3451);
        (await FrozenAsync(world)).ShouldBeTrue();
    }

    [Fact]
    public async Task Yen_are_booked_in_the_currency_that_they_are_settled_in()
    {
        await using var world = await StripeWorld.StartAsync(
            postgres, options => options with { Settlement = new Dictionary<string, (string, decimal)> { ["jpy"] = ("usd", 0.0065m) } }, "--Billing:Currency=JPY");
        await world.Billing.AddContractAsync(PartyKind.Vendor, "vendor", ShareBasis.GrossExTax, 200_000);
        var pro = (await world.Billing.AskOperatorAsync<Page<PlanOfferResource>>("v1/operator/plans")).Items.Single(o => o.Key == "pro");
        await world.Billing.OperateAsync<PlanOfferResource>(
            "v1/operator/plans/pro/versions", new PlanVersionRequest(pro.Name, pro.Summary, [new("JPY", "month", 4301, null)], pro.Values, pro.Position));
        await world.SubscribeAsync();

        (await world.Billing.InvoicesAsync()).Single().ShouldSatisfyAllConditions(i => i.Currency.ShouldBe("JPY"), i => (i.TotalMinor, i.PaidMinor, i.State).ShouldBe((4301, 4301, "paid")));
        await using (var fleet = world.Server.Fleet())
            (await fleet.Db.Payments.SingleAsync()).ShouldSatisfyAllConditions(p => p.SettledCurrency.ShouldBe("USD"), p => p.SettledMinor.ShouldBe(2796), p => p.AmountMinor.ShouldBe(4301));
        var booked = await world.Billing.BalancesAsync();
        (booked["REV"], booked["V.HELD"], booked["STRIPE"] + booked["FEE"]).ShouldBe((-2796, -559, 2796));

        var charge = (await world.At.Charges.ListAsync()).Single();
        foreach (var part in new[] { 1111, 1111, 2079 })
            await world.At.Refunds.CreateAsync(new() { Charge = charge.Id, Amount = part });
        await world.HearAsync();
        var back = await world.Billing.BalancesAsync();
        (back["REV"], back["V.HELD"], back["V.EXP"]).ShouldBe((0, 0, 0));
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    [Fact]
    public async Task The_operators_own_money_is_followed_to_its_bank_and_back()
    {
        await using var world = await StartAsync();
        world.Billing.Clock.Advance(TimeSpan.FromDays(3));
        var payout = await world.At.Payouts.CreateAsync(new() { Amount = 3000, Currency = "usd" });
        await world.HearAsync();
        (await world.Billing.BalancesAsync())["BANK"].ShouldBe(3000);
        await world.Stripe.FailPayoutAsync(payout.Id);
        await world.HearAsync();
        (await world.Billing.BalancesAsync()).ShouldSatisfyAllConditions(b => b["BANK"].ShouldBe(0), b => b["STRIPE"].ShouldBe(3321));
        await world.ShouldHoldWhatStripeHoldsAsync();
    }

    /// <summary>A customer who pays 34.51 for Pro with tax, a fifth of which without tax is the vendor's.</summary>
    async Task<StripeWorld> StartAsync()
    {
        var world = await StripeWorld.StartAsync(postgres);
        await world.Billing.AddContractAsync(PartyKind.Vendor, "vendor", ShareBasis.GrossExTax, 200_000);
        await world.Customer.GetBillingAsync();
        using var patched = await world.Billing.Operator.Http.PatchAsJsonAsync($"v1/operator/customers/{world.Billing.Customer.Account.Organization.Id}", new UpdateCustomerRequest(190_000), Json.Options);
        patched.IsSuccessStatusCode.ShouldBeTrue(await patched.Content.ReadAsStringAsync());
        await world.SubscribeAsync();
        return world;
    }

    static async Task<PaymentResource> PaymentAsync(StripeWorld world) => (await world.Customer.ListPaymentsAsync()).Items.Single();

    static async Task<bool> FrozenAsync(StripeWorld world)
    {
        await using var fleet = world.Server.Fleet();
        return (await fleet.Db.ShareAccruals.SingleAsync()).FrozenAt is not null;
    }
}
