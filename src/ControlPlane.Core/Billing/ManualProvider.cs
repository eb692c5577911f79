using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Billing;

/// <summary>The operator collects by hand: invoices are ours, and a period's end is <see cref="Renewal"/>'s.</summary>
sealed class ManualProvider([FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IBillingProvider
{
    public BillingProvider Kind => BillingProvider.Manual;

    public Task<PlanChange> ComputeAsync(ControlPlaneDb db, BillingAccount account, Instance? instance, string instanceName, PlanOffer offer, ChangeTime time, DateTimeOffset at, CancellationToken cancel) =>
        db.ComputePlanChangeAsync(account, instance, instanceName, offer, time, at, cancel);

    public async Task<PurchaseResult> ChangeAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanChange change, PostedBy by, CancellationToken cancel) =>
        new(PurchaseOutcome.Done, await db.ChangePlanAsync(account, instance, change, by, billing, cancel));

    public async Task<PurchaseResult> AddAddOnAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, int quantity, PostedBy by, CancellationToken cancel) =>
        new(PurchaseOutcome.Done, (await db.AddAddOnAsync(account, instance, offer, quantity, by, billing, cancel)).Invoice);

    public Task SayEndAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) => Task.CompletedTask;

    public Task SayDetailsAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) => Task.CompletedTask;
}
