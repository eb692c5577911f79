using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Transfers;

/// <param name="Account">The connected account.</param>
/// <param name="Url">Stripe's page, on which the party says who it is; good once, until <paramref name="ExpiresAt"/>.</param>
public sealed record OnboardingLink(string Account, Uri Url, DateTimeOffset ExpiresAt);

/// <summary>Gives a party an account at Stripe that money can be transferred to, and the page where it becomes entitled to that. Who it is stays with Stripe.</summary>
public sealed class PartyOnboarding(IStripeClient stripe)
{
    /// <summary>The account becomes the party's destination where it has another; in the caller's transaction, under the party's lock.</summary>
    /// <param name="back">Where Stripe leads to afterwards, and where a link that was used up asks for a new one.</param>
    public async Task<OnboardingLink> BeginAsync(PartyProfile party, Uri back, DateTimeOffset now, CancellationToken cancel)
    {
        var account = party.Rail == PayoutRail.StripeTransfer && party.Destination.Length > 0 ? party.Destination : await CreateAsync(party, cancel);
        party.MoveTo(PayoutRail.StripeTransfer, account, now);
        var link = await new AccountLinkService(stripe).CreateAsync(new() { Account = account, Type = "account_onboarding", RefreshUrl = back.ToString(), ReturnUrl = back.ToString() }, cancellationToken: cancel);
        return new OnboardingLink(account, new Uri(link.Url), new DateTimeOffset(DateTime.SpecifyKind(link.ExpiresAt, DateTimeKind.Utc)));
    }

    async Task<string> CreateAsync(PartyProfile party, CancellationToken cancel)
    {
        var options = new AccountCreateOptions
        {
            Type = "express",
            Country = party.Country.Length > 0 ? party.Country : null,
            Email = party.Email.Length > 0 ? party.Email : null,
            Capabilities = new() { Transfers = new() { Requested = true } },
            Metadata = new() { ["party"] = party.Party.ToString() },
        };
        // Whoever clicks twice, or loses the answer, gets the same account.
        return (await new AccountService(stripe).CreateAsync(options, new() { IdempotencyKey = $"account {party.Party}" }, cancel)).Id;
    }
}
