namespace Stripe.Double.Tests;

public sealed class ConnectTests
{
    static async Task<Account> AccountAsync(Shop shop)
    {
        var account = await shop.Api.Accounts.CreateAsync(new() { Type = "express", Country = "US", Email = "reseller@example.com", Capabilities = new() { Transfers = new() { Requested = true } } });
        account.PayoutsEnabled.ShouldBeFalse();
        (await shop.Api.AccountLinks.CreateAsync(new() { Account = account.Id, Type = "account_onboarding", RefreshUrl = "https://example.com", ReturnUrl = "https://example.com" })).Url.ShouldContain(account.Id);
        await shop.Double.EnableAccountAsync(account.Id);
        return await shop.Api.Accounts.GetAsync(account.Id);
    }

    [Fact]
    public async Task A_transfer_needs_money_that_is_available()
    {
        await using var shop = await Shop.OpenAsync();
        var account = await AccountAsync(shop);
        await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(10_000));
        TransferCreateOptions options = new() { Amount = 5000, Currency = "usd", Destination = account.Id, TransferGroup = "payout_1" };
        (await Should.ThrowAsync<StripeException>(shop.Api.Transfers.CreateAsync(options))).StripeError.Code.ShouldBe("balance_insufficient");
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(2));
        var transfer = await shop.Api.Transfers.CreateAsync(options);
        transfer.DestinationPaymentId.ShouldStartWith("py_");
        (await shop.Api.Transfers.ListAsync(new() { TransferGroup = "payout_1" })).Single().Id.ShouldBe(transfer.Id);
        (await shop.Api.Balance.GetAsync()).Available.Single().Amount.ShouldBe(10_000 - 320 - 5000);
        (await shop.Api.Balance.GetAsync(requestOptions: new() { StripeAccount = account.Id })).Available.Single().Amount.ShouldBe(5000);
    }

    [Fact]
    public async Task A_transfer_comes_back_as_far_as_the_account_has_it()
    {
        await using var shop = await Shop.OpenAsync();
        var account = await AccountAsync(shop);
        await shop.Double.AddFundsAsync(10_000, "usd");
        var transfer = await shop.Api.Transfers.CreateAsync(new() { Amount = 6000, Currency = "usd", Destination = account.Id });
        await shop.Api.Transfers.Reversals.CreateAsync(transfer.Id, new() { Amount = 1000 });
        await shop.Api.Payouts.CreateAsync(new() { Amount = 4500, Currency = "usd" }, new() { StripeAccount = account.Id });
        (await Should.ThrowAsync<StripeException>(shop.Api.Transfers.Reversals.CreateAsync(transfer.Id, new() { Amount = 1000 }))).StripeError.Code.ShouldBe("balance_insufficient");
        await shop.Api.Transfers.Reversals.CreateAsync(transfer.Id, new() { Amount = 500 });
        var reversed = await shop.Api.Transfers.GetAsync(transfer.Id);
        (reversed.AmountReversed, reversed.Reversed, reversed.Reversals.Count()).ShouldBe((1500, false, 2));
    }

    [Fact]
    public async Task A_payout_arrives_after_two_days_or_is_sent_back()
    {
        await using var shop = await Shop.OpenAsync();
        var account = await AccountAsync(shop);
        var asAccount = new RequestOptions { StripeAccount = account.Id };
        await shop.Double.AddFundsAsync(10_000, "usd");
        await shop.Api.Transfers.CreateAsync(new() { Amount = 6000, Currency = "usd", Destination = account.Id });
        var payout = await shop.Api.Payouts.CreateAsync(new() { Amount = 6000, Currency = "usd" }, asAccount);
        await shop.Double.AdvanceAsync(TimeSpan.FromDays(2));
        (await shop.Api.Payouts.GetAsync(payout.Id, requestOptions: asAccount)).Status.ShouldBe("paid");
        await shop.Double.FailPayoutAsync(payout.Id);
        (await shop.Api.Payouts.GetAsync(payout.Id, requestOptions: asAccount)).FailureCode.ShouldBe("account_closed");
        (await shop.Api.Balance.GetAsync(requestOptions: asAccount)).Available.Single().Amount.ShouldBe(6000);
        (await shop.Api.Events.ListAsync(requestOptions: asAccount)).First().Account.ShouldBe(account.Id);
        await Should.ThrowAsync<StripeException>(shop.Api.Payouts.GetAsync(payout.Id));
    }

    [Fact]
    public async Task A_currency_can_settle_in_another()
    {
        await using var shop = await Shop.OpenAsync(options => options with { Settlement = new Dictionary<string, (string, decimal)> { ["eur"] = ("usd", 1.1m), ["jpy"] = ("usd", 0.0067m) } });
        await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(10_000, currency: "eur"));
        await shop.SubscribeAsync(await shop.CustomerAsync(), await shop.PriceAsync(10_000, currency: "jpy"));
        (await shop.Api.BalanceTransactions.ListAsync()).Select(moved => (moved.Amount, moved.Currency, moved.ExchangeRate)).ShouldBe([(6700, "usd", 0.0067m), (11_000, "usd", 1.1m)]);
    }
}
