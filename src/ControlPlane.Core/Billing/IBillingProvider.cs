using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;

namespace ControlPlane.Core.Billing;

public enum PurchaseOutcome
{
    Done,

    /// <summary>Nothing is paid for yet: the customer has to enter a way to pay first.</summary>
    CheckoutNeeded,

    /// <summary>The payment was refused, and nothing has changed.</summary>
    PaymentFailed,

    /// <summary>It begins when the customer has paid its invoice; if not within a day, it lapses.</summary>
    PaymentWaits,
}

/// <param name="PayAt">Where the customer can pay what waits.</param>
/// <param name="Reason">Why a payment failed, as the bank says it.</param>
public sealed record PurchaseResult(PurchaseOutcome Outcome, Invoice? Invoice = null, string? PayAt = null, string? Reason = null)
{
    public static PurchaseResult Done { get; } = new(PurchaseOutcome.Done);
}

/// <summary>
/// Who collects an organization's money. All of it is done in the caller's transaction, under the account's lock, in the fleet's scope. What has an effect elsewhere is remembered before, beside that
/// transaction: if it does not commit, convergence brings the effect here.
/// </summary>
public interface IBillingProvider
{
    BillingProvider Kind { get; }

    /// <summary>What a change of an instance's plan would do and cost, to the smallest unit; again with the same <paramref name="at"/> it costs the same.</summary>
    /// <inheritdoc cref="PlanChanges.ComputePlanChangeAsync"/>
    Task<PlanChange> ComputeAsync(ControlPlaneDb db, BillingAccount account, Instance? instance, string instanceName, PlanOffer offer, ChangeTime time, DateTimeOffset at, CancellationToken cancel);

    /// <summary>Carries it out: the instance's plan, the item and the invoice. The caller refreshes the entitlements.</summary>
    Task<PurchaseResult> ChangeAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanChange change, PostedBy by, CancellationToken cancel);

    /// <summary>Begins at once; the rest of the period is charged.</summary>
    Task<PurchaseResult> AddAddOnAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, int quantity, PostedBy by, CancellationToken cancel);

    /// <summary>Something is to end with the period, or not any more: the items say what.</summary>
    Task SayEndAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel);

    /// <summary>Name, address, tax or coupons have changed.</summary>
    Task SayDetailsAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel);
}

/// <summary>The provider did not answer, or not in time. What it was asked for may have been done; then it is heard of.</summary>
public sealed class ProviderUnavailableException(Exception cause) : Exception("the payment provider cannot be reached", cause);

/// <summary>The provider of an account, of those that this process can use.</summary>
public sealed class BillingProviders(IEnumerable<IBillingProvider> providers)
{
    readonly Dictionary<BillingProvider, IBillingProvider> providers = providers.ToDictionary(p => p.Kind);

    public IBillingProvider Of(BillingAccount account) => providers.TryGetValue(account.Provider, out var provider) ? provider
        : throw new InvalidOperationException($"{account.OrganizationId} is billed through {account.Provider}, and this process has no key for it");
}
