using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers;

/// <summary>
/// A customer leaves its reseller with everything that it has: it pays itself from now on, what the reseller had stopped starts again, and the reseller sees nothing of it any
/// more. In one transaction, in the fleet's scope.
/// </summary>
sealed class TakeOver(ControlPlaneDb db, PlanPurchase purchase, ResellerEvents events, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock)
{
    internal static readonly Problem InSandbox = new("customer_of_sandbox", 409, "This is a customer of the sandbox. Nobody can take it over.");

    /// <param name="owner">For whom the new bills are.</param>
    internal Task<Problem?> RunAsync(Reseller reseller, ResellerCustomer customer, Caller owner, CancellationToken cancel) => db.InFleetAsync(async () =>
    {
        if (customer.IsSandbox)
            return InSandbox;
        if (await purchase.RefuseGrowthAsync(owner.Organization, cancel) is { } overdue)
            return overdue;
        var organization = customer.OrganizationId;
        foreach (var resource in await db.ManagedResources.Where(r => r.ResellerId == reseller.Id && r.OrganizationId == organization && r.EndedAt == null).OrderBy(r => r.Id).ToListAsync(cancel))
        {
            if (await ReleaseAsync(reseller, resource, owner, cancel) is { } refusal)
                return refusal;
        }
        customer.EndedAt = clock.GetUtcNow();
        (customer.TakeOverAskedBy, customer.TakeOverAskedAt) = (null, null);
        await EndAttributionAsync(reseller, customer, cancel);
        db.Write(organization, owner.Actor, "organization.taken_over", organization.ToString(), $"from {reseller.Name}", clock);
        await events.RaiseAsync(reseller, WebhookEvents.CustomerTakenOver, new { organization_id = organization.ToString(), external_id = customer.ExternalId }, cancel);
        return null;
    }, cancel);

    async Task<Problem?> ReleaseAsync(Reseller reseller, ManagedResource resource, Caller owner, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"SELECT FROM instances WHERE id = {resource.InstanceId.Value} FOR UPDATE", cancel);
        var instance = await db.Instances.SingleOrDefaultAsync(i => i.Id == resource.InstanceId, cancel);
        if (instance is null || instance.IsDeletedOrGoing)
        {
            resource.MarkReleased(clock.GetUtcNow());
            return null;
        }
        if (await PayAsync(reseller, instance, owner, cancel) is { } refusal)
            return refusal;
        resource.MarkReleased(clock.GetUtcNow());
        var starts = instance.Release(SuspensionReason.Reseller) | instance.Release(SuspensionReason.ResellerDebt);
        await db.RefreshEntitlementsAsync(instance, clock, cancel);
        if (starts)
        {
            instance.Generation++;
            await db.WakeAsync(instance.Id.ToString(), clock, cancel);
            db.File(OperationKinds.InstanceResume, instance.OrganizationId, instance.Id.ToString(), null, clock);
        }
        return null;
    }

    /// <summary>Where the reseller paid, its unused time goes to its balance, and the owner's period begins now, on the same plan.</summary>
    async Task<Problem?> PayAsync(Reseller reseller, Instance instance, Caller owner, CancellationToken cancel)
    {
        var item = await db.FindItemAsync(instance, cancel);
        var offer = await db.ReadOfferAsync(instance.PlanKey, instance.PlanVersion, cancel);
        if (offer.IsFree || item?.OrganizationId == instance.OrganizationId)
            return null;
        // The reseller's debts may have ended its item already.
        if (item is null)
            return (await purchase.ChangeAsync(owner, instance, offer, PlanChoice.AtOnce, cancel)).Refusal;
        var free = await db.FindOfferAsync(SeedPlans.FreeKey, null, cancel) ?? throw new InvalidOperationException("there is no free plan");
        var staff = owner with { Behalf = new Behalf(reseller.Id, reseller.Name, reseller.OrganizationId, false) };
        if ((await purchase.ChangeAsync(staff, instance, free, PlanChoice.AtOnce, cancel)).Refusal is { } notEnded)
            return notEnded;
        return (await purchase.ChangeAsync(owner, instance, offer, PlanChoice.AtOnce, cancel)).Refusal;
    }

    async Task EndAttributionAsync(Reseller reseller, ResellerCustomer customer, CancellationToken cancel)
    {
        var now = billing.GetUtcNow();
        var running = await db.ResellerAttributions.SingleOrDefaultAsync(a => a.OrganizationId == customer.OrganizationId && a.ResellerId == reseller.PartyId && a.ValidFrom <= now && a.ValidTo == null, cancel);
        if (running is not null)
            running.ValidTo = now;
    }
}
