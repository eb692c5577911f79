using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;

namespace ControlPlane.Core.Billing;

/// <param name="ExpiresAt">Null for pages that say nothing about it: open them at once.</param>
public sealed record ProviderPage(string Address, DateTimeOffset? ExpiresAt);

/// <param name="Done">Where the customer comes back to after paying.</param>
/// <param name="Canceled">And without.</param>
public sealed record ReturnAddresses(Uri Done, Uri Canceled);

/// <summary>The pages at the provider where customers enter how they pay. No number of a card ever comes here. In the caller's transaction, under the account's lock, in the fleet's scope.</summary>
public interface IProviderPages
{
    /// <summary>For the first plan that is paid for. A page that was opened before expires.</summary>
    /// <returns>Null while a subscription is running: then plans are changed without a page.</returns>
    /// <exception cref="Subscriptions.PriceMissingException">The plan is not sold in the account's currency and interval.</exception>
    Task<ProviderPage?> CheckOutAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, ReturnAddresses back, string actor, CancellationToken cancel);

    /// <summary>For another card, and for old invoices.</summary>
    Task<ProviderPage> ManageAsync(ControlPlaneDb db, BillingAccount account, Uri back, CancellationToken cancel);
}
