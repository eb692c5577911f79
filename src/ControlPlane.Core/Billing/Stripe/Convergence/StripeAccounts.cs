using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>Whose an object at Stripe is.</summary>
static class StripeAccounts
{
    internal const string OrganizationEntry = "organization_id";

    /// <summary>The account of a customer at Stripe, under its lock; null for customers that are not ours. What the caller has changed so far is saved first.</summary>
    internal static async Task<BillingAccount?> LockCustomerAsync(this ControlPlaneDb db, IStripeClient stripe, string? customerId, CancellationToken cancel)
    {
        if (customerId is null)
            return null;
        await db.SaveChangesAsync(cancel);
        var organization = await db.BillingAccounts.AsNoTracking().Where(a => a.ProviderCustomerId == customerId).Select(a => (OrganizationId?)a.OrganizationId).SingleOrDefaultAsync(cancel)
            ?? await ReadOrganizationAsync(stripe, customerId, cancel);
        if (organization is null || await db.LockBillingAsync(organization.Value, cancel) is not { } account)
            return null;
        // It was made by a call that died before it could remember.
        account.ProviderCustomerId ??= customerId;
        return account.ProviderCustomerId == customerId ? account : null;
    }

    static async Task<OrganizationId?> ReadOrganizationAsync(IStripeClient stripe, string customerId, CancellationToken cancel)
    {
        var customer = await new CustomerService(stripe).GetAsync(customerId, cancellationToken: cancel);
        return customer.Deleted != true && OrganizationId.TryParse(customer.Metadata?.GetValueOrDefault(OrganizationEntry), out var organization) ? organization : null;
    }
}

/// <summary>What the SDK makes of a field that an answer does not have: 1970. It means another version of the API.</summary>
static class Moment
{
    internal static DateTimeOffset Of(DateTime at, string what) => at.Year > 1970
        ? new DateTimeOffset(at.Ticks, TimeSpan.Zero)
        : throw new InvalidOperationException($"Stripe does not say {what}: its answer is of another version of the API");

    internal static DateTimeOffset Of(DateTime? at, string what) => Of(at ?? DateTime.UnixEpoch, what);
}
