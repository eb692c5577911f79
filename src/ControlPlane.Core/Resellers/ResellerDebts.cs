using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Resellers;

/// <summary>
/// What the debts of a reseller who pays for its customers lead to, for these: first a warning with the offer to take over, and only after its days, and only where the reseller's
/// own account has come to its suspension, a stop. A payment takes all of it back. Under the lock on the reseller's account, in the fleet's scope; running it again changes nothing.
/// </summary>
public static class ResellerDebts
{
    /// <param name="billing">The time that money goes by; <paramref name="clock"/> is the instances'.</param>
    public static async Task FollowAsync(this ControlPlaneDb db, Reseller reseller, BillingAccount account, TakeOverOffer offer, TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        switch (account.Dunning)
        {
            case DunningState.Current:
                await ForgetAsync(db, reseller, clock, cancel);
                break;
            case DunningState.PastDue or DunningState.Restricted:
                await db.WarnCustomersAsync(reseller, offer, billing, cancel);
                break;
            default:
                await db.WarnCustomersAsync(reseller, offer, billing, cancel);
                if (reseller.CustomersWarnedAt + offer.StopsAfter <= billing.GetUtcNow())
                    await StopAsync(db, reseller, clock, cancel);
                break;
        }
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Those that the reseller pays for, or did: what its customers pay themselves is none of its debts.</summary>
    static IQueryable<Instance> PaidBy(ControlPlaneDb db, Reseller reseller, bool isStopped) =>
        from resource in db.ManagedResources
        join instance in db.Instances on resource.InstanceId equals instance.Id
        where resource.ResellerId == reseller.Id && resource.EndedAt == null && !resource.IsSandbox && instance.Desired != DesiredState.Deleted && instance.IsSuspendedForResellerDebt == isStopped
            && !db.SubscriptionItems.Any(i => i.InstanceId == instance.Id && i.OrganizationId == instance.OrganizationId && i.State != SubscriptionItemState.Ended)
        orderby instance.Id
        select instance;

    static async Task StopAsync(ControlPlaneDb db, Reseller reseller, TimeProvider clock, CancellationToken cancel)
    {
        foreach (var instance in await PaidBy(db, reseller, isStopped: false).ToListAsync(cancel))
        {
            if (instance.Suspend(SuspensionReason.ResellerDebt))
                await FileAsync(db, instance, OperationKinds.InstanceSuspend, clock, cancel);
            db.Write(instance.OrganizationId, Actor.System("billing"), "instance.suspended", instance.Id.ToString(), $"{reseller.Name} has not paid for it", clock);
        }
    }

    static async Task ForgetAsync(ControlPlaneDb db, Reseller reseller, TimeProvider clock, CancellationToken cancel)
    {
        if (reseller.Status == ResellerStatus.Active)
            reseller.CustomersWarnedAt = null;
        foreach (var instance in await PaidBy(db, reseller, isStopped: true).ToListAsync(cancel))
        {
            if (instance.Release(SuspensionReason.ResellerDebt))
                await FileAsync(db, instance, OperationKinds.InstanceResume, clock, cancel);
        }
    }

    static async Task FileAsync(ControlPlaneDb db, Instance instance, OperationKind kind, TimeProvider clock, CancellationToken cancel)
    {
        instance.Generation++;
        await db.WakeAsync(instance.Id.ToString(), clock, cancel);
        db.File(kind, instance.OrganizationId, instance.Id.ToString(), null, clock);
    }
}
