namespace Stripe.Double.Tests;

public sealed class MoneyBackTests
{
    static async Task<(Invoice Invoice, Charge Charge)> PaidAsync(Shop shop, long amount, string card = "pm_card_visa", Action<SubscriptionCreateOptions>? with = null)
    {
        var subscription = await shop.SubscribeAsync(await shop.CustomerAsync(card), await shop.PriceAsync(amount), with: with);
        var invoice = await shop.Api.Invoices.GetAsync(subscription.LatestInvoiceId, new() { Expand = ["payments.data.payment.payment_intent.latest_charge"] });
        return (invoice, invoice.Payments.Single().Payment.PaymentIntent.LatestCharge);
    }

    static async Task<long> BalanceAsync(Shop shop) => (await shop.Api.BalanceTransactions.ListAsync(new() { Limit = 100 })).Sum(moved => moved.Net);

    [Fact]
    public async Task Refunds_never_exceed_the_charge_and_the_fee_stays()
    {
        await using var shop = await Shop.OpenAsync();
        var (_, charge) = await PaidAsync(shop, 5000);
        var refund = await shop.Api.Refunds.CreateAsync(new() { Charge = charge.Id, Amount = 2000 });
        (refund.Status, refund.Amount).ShouldBe(("succeeded", 2000));
        (await Should.ThrowAsync<StripeException>(shop.Api.Refunds.CreateAsync(new() { Charge = charge.Id, Amount = 3001 }))).StripeError.Param.ShouldBe("amount");
        await shop.Api.Refunds.CreateAsync(new() { PaymentIntent = charge.PaymentIntentId });
        (await Should.ThrowAsync<StripeException>(shop.Api.Refunds.CreateAsync(new() { Charge = charge.Id }))).StripeError.Code.ShouldBe("charge_already_refunded");
        var refunded = await shop.Api.Charges.GetAsync(charge.Id, new() { Expand = ["refunds"] });
        (refunded.Refunded, refunded.AmountRefunded, refunded.Refunds.Count()).ShouldBe((true, 5000, 2));
        (await BalanceAsync(shop)).ShouldBe(-175);
    }

    [Fact]
    public async Task A_refund_that_fails_later_brings_the_money_back()
    {
        await using var shop = await Shop.OpenAsync();
        var (_, charge) = await PaidAsync(shop, 5000, "pm_card_refundFail");
        var refund = await shop.Api.Refunds.CreateAsync(new() { Charge = charge.Id });
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(2));
        var failed = await shop.Api.Refunds.GetAsync(refund.Id, new() { Expand = ["failure_balance_transaction"] });
        (failed.Status, failed.FailureBalanceTransaction.Amount).ShouldBe(("failed", 5000));
        (await shop.Api.Charges.GetAsync(charge.Id)).AmountRefunded.ShouldBe(0);
        (await shop.EventTypesAsync()).ShouldContain("refund.failed");
        (await BalanceAsync(shop)).ShouldBe(5000 - 175);
    }

    [Fact]
    public async Task A_lost_dispute_costs_amount_and_fee()
    {
        await using var shop = await Shop.OpenAsync();
        var (_, charge) = await PaidAsync(shop, 5000, "pm_card_createDispute");
        await shop.Double.AdvanceAsync(TimeSpan.FromSeconds(1));
        var dispute = (await shop.Api.Disputes.ListAsync(new() { Charge = charge.Id })).Single();
        (dispute.Status, dispute.Amount, dispute.BalanceTransactions.Single().Net).ShouldBe(("needs_response", 5000, -6500));
        (await Should.ThrowAsync<StripeException>(shop.Api.Refunds.CreateAsync(new() { Charge = charge.Id }))).StripeError.Code.ShouldBe("charge_disputed");
        await shop.Double.LoseDisputeAsync(dispute.Id);
        (await shop.Api.Disputes.GetAsync(dispute.Id)).Status.ShouldBe("lost");
        (await BalanceAsync(shop)).ShouldBe(5000 - 175 - 6500);
        (await shop.EventTypesAsync()).Where(type => type.StartsWith("charge.dispute", StringComparison.Ordinal)).ShouldBe(["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.updated", "charge.dispute.closed"]);
    }

    [Fact]
    public async Task A_won_dispute_brings_the_amount_back_and_an_inquiry_moves_nothing()
    {
        await using var shop = await Shop.OpenAsync();
        var (_, first) = await PaidAsync(shop, 5000);
        var dispute = await shop.Double.OpenDisputeAsync(first.Id);
        await shop.Api.Disputes.UpdateAsync((string)dispute["id"]!, new() { Evidence = new() { ProductDescription = "Job servers" } });
        await shop.Double.WinDisputeAsync((string)dispute["id"]!);
        var won = await shop.Api.Disputes.GetAsync((string)dispute["id"]!);
        won.Status.ShouldBe("won");
        won.BalanceTransactions.Select(moved => moved.Amount).ShouldBe([-5000, 5000]);
        (await BalanceAsync(shop)).ShouldBe(5000 - 175 - 1500);
        var (_, second) = await PaidAsync(shop, 5000);
        var inquiry = await shop.Double.OpenDisputeAsync(second.Id, isInquiry: true);
        (await shop.Api.Disputes.GetAsync((string)inquiry["id"]!)).BalanceTransactions.ShouldBeEmpty();
        await shop.Double.WinDisputeAsync((string)inquiry["id"]!);
        (await shop.Api.Disputes.GetAsync((string)inquiry["id"]!)).Status.ShouldBe("warning_closed");
    }

    [Fact]
    public async Task A_credit_note_on_a_paid_invoice_refunds_with_its_tax()
    {
        await using var shop = await Shop.OpenAsync();
        var rate = await shop.Api.TaxRates.CreateAsync(new() { DisplayName = "VAT", Percentage = 19, Inclusive = false });
        var (invoice, charge) = await PaidAsync(shop, 10_000, with: options => options.DefaultTaxRates = [rate.Id]);
        invoice.Total.ShouldBe(11_900);
        var line = invoice.Lines.Single();
        var note = await shop.Api.CreditNotes.CreateAsync(new() { Invoice = invoice.Id, RefundAmount = 2975, Reason = "order_change", Lines = [new() { Type = "invoice_line_item", InvoiceLineItem = line.Id, Amount = 2500 }] });
        (note.Total, note.TotalExcludingTax, note.TotalTaxes.Single().Amount, note.Type).ShouldBe((2975, 2500, 475, "post_payment"));
        note.Lines.Single().InvoiceLineItem.ShouldBe(line.Id);
        (await shop.Api.Charges.GetAsync(charge.Id)).AmountRefunded.ShouldBe(2975);
        (await shop.Api.Refunds.GetAsync(note.Refunds.Single().RefundId)).Amount.ShouldBe(2975);
        await Should.ThrowAsync<StripeException>(shop.Api.CreditNotes.CreateAsync(new() { Invoice = invoice.Id, RefundAmount = 8926, Amount = 8926 }));
        (await shop.Api.CreditNotes.CreateAsync(new() { Invoice = invoice.Id, CreditAmount = 8925, Amount = 8925 })).CustomerBalanceTransactionId.ShouldNotBeNull();
        (await shop.Api.Customers.GetAsync(invoice.CustomerId)).Balance.ShouldBe(-8925);
    }

    [Fact]
    public async Task A_credit_note_before_payment_lowers_what_is_due()
    {
        await using var shop = await Shop.OpenAsync();
        var customer = await shop.CustomerAsync("pm_card_chargeCustomerFail");
        var subscription = await shop.SubscribeAsync(customer, await shop.PriceAsync(5000));
        await shop.Api.CreditNotes.CreateAsync(new() { Invoice = subscription.LatestInvoiceId, Amount = 2000 });
        var invoice = await shop.Api.Invoices.GetAsync(subscription.LatestInvoiceId);
        (invoice.AmountDue, invoice.PrePaymentCreditNotesAmount, invoice.Status).ShouldBe((3000, 2000, "open"));
        await shop.Api.CreditNotes.CreateAsync(new() { Invoice = subscription.LatestInvoiceId, Amount = 3000 });
        (await shop.Api.Invoices.GetAsync(subscription.LatestInvoiceId)).Status.ShouldBe("paid");
    }
}
