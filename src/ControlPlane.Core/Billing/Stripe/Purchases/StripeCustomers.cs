using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Convergence;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>An organization as a customer at Stripe: one, whoever asks at a time and whatever was forgotten.</summary>
sealed class StripeCustomers(IStripeClient stripe)
{
    internal async Task<string> EnsureAsync(BillingAccount account, CancellationToken cancel)
    {
        if (account.ProviderCustomerId is { } known)
            return known;
        var (service, organization) = (new CustomerService(stripe), account.OrganizationId.ToString());
        // The key of the creation is good for a day; whoever comes later finds what it made.
        var found = (await service.SearchAsync(new() { Query = $"metadata['{StripeAccounts.OrganizationEntry}']:'{organization}'", Limit = 1 }, cancellationToken: cancel)).FirstOrDefault()
            ?? await service.CreateAsync(
                new() { Name = account.Name, Email = Empty(account.Email), Address = AddressOf(account), Metadata = new() { [StripeAccounts.OrganizationEntry] = organization } },
                new RequestOptions { IdempotencyKey = $"customer-{organization}" }, cancel);
        return account.ProviderCustomerId = found.Id;
    }

    internal async Task UpdateAsync(BillingAccount account, CancellationToken cancel)
    {
        if (account.ProviderCustomerId is { } customer)
            await new CustomerService(stripe).UpdateAsync(customer, new() { Name = account.Name, Email = Empty(account.Email), Address = AddressOf(account) }, cancellationToken: cancel);
    }

    static AddressOptions? AddressOf(BillingAccount account)
    {
        if (account.Address.Length == 0 && account.Country.Length == 0)
            return null;
        var lines = account.Address.Split('\n', 2, StringSplitOptions.TrimEntries);
        return new AddressOptions { Line1 = Empty(lines[0]), Line2 = lines.Length > 1 ? Empty(lines[1].ReplaceLineEndings(", ")) : null, Country = Empty(account.Country) };
    }

    static string? Empty(string text) => text.Length == 0 ? null : text;
}
