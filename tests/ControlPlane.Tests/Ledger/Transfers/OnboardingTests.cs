using ControlPlane.Tests.Api;
using ControlPlane.Tests.Billing;
using ControlPlane.Tests.Billing.Stripe;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Ledger.Transfers;

/// <summary>How a party comes to be paid through Stripe, and is asked for what it owes.</summary>
public sealed class OnboardingTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_party_gets_one_account_however_often_it_is_sent_to_Stripe()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var staff = world.Billing.Operator.Client;
        await staff.CreatePartyAsync(new("reseller:org_r", "Resell Inc.", "money@resell.example", Country: "US"));

        var first = await staff.OnboardPartyAsync("reseller:org_r");
        var second = await staff.OnboardPartyAsync("reseller:org_r");

        second.Account.ShouldBe(first.Account);
        second.Url.ShouldNotBe(first.Url);
        (first.Url.Host, first.ExpiresAt > BillingWorld.Start).ShouldBe(("connect.stripe.com", true));
        (await world.At.Accounts.ListAsync()).Single().ShouldSatisfyAllConditions(a => a.Id.ShouldBe(first.Account), a => a.Metadata["party"].ShouldBe("reseller:org_r"), a => a.Email.ShouldBe("money@resell.example"));
        var party = (await staff.ListPartiesAsync()).Items.Single();
        (party.Rail, party.Destination, party.DestinationChangedAt).ShouldBe(("stripe_transfer", first.Account, null));
    }

    [Fact]
    public async Task Whoever_owes_nothing_gives_nothing_back()
    {
        await using var world = await StripeWorld.StartAsync(postgres);
        var staff = world.Billing.Operator.Client;
        await staff.CreatePartyAsync(new("reseller:org_r", "Resell Inc."));
        await staff.OnboardPartyAsync("reseller:org_r");

        await staff.ReverseTransfersAsync("reseller:org_r", new("USD")).ShouldBeRefusedAsync("nothing_to_reverse");
        await staff.ReverseTransfersAsync("reseller:none", new("USD")).ShouldBeRefusedAsync("party_not_found");
        await staff.ReverseTransfersAsync("reseller:org_r", new("XXY")).ShouldBeRefusedAsync("invalid_currency");
        (await staff.ListTransferReversalsAsync("reseller:org_r")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_Stripe_nobody_is_sent_there()
    {
        await using var world = await BillingWorld.StartAsync(postgres);
        var staff = world.Operator.Client;
        await staff.CreatePartyAsync(new("reseller:org_r", "Resell Inc."));

        await staff.OnboardPartyAsync("reseller:org_r").ShouldBeRefusedAsync("stripe_not_configured");
        await staff.ReverseTransfersAsync("reseller:org_r", new("USD")).ShouldBeRefusedAsync("stripe_not_configured");
    }
}
