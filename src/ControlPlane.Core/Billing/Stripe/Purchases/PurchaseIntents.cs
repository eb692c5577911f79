using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>Remembers what Stripe is about to be asked for, beside the transaction that asks: whatever becomes of that, Stripe may have done it.</summary>
sealed class PurchaseIntents(IServiceScopeFactory scopes, TimeProvider clock)
{
    internal async Task<PurchaseIntent> RememberAsync(BillingAccount account, InstanceId instance, PlanOffer offer, int quantity, string actor, CancellationToken cancel)
    {
        var purchase = new PurchaseIntent
        {
            Id = PurchaseId.New(clock),
            OrganizationId = account.OrganizationId,
            InstanceId = instance,
            PlanKey = offer.Plan.Key,
            PlanVersion = offer.Version.Version,
            IsAddOn = offer.Plan.IsAddOn,
            Quantity = quantity,
            Actor = actor,
            CreatedAt = clock.GetUtcNow(),
        };
        await using var fleet = scopes.CreateFleetScope();
        fleet.Db.PurchaseIntents.Add(purchase);
        await fleet.Db.SaveChangesAsync(cancel);
        return purchase;
    }

    internal async Task NameSessionAsync(PurchaseId id, string session, CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        await fleet.Db.PurchaseIntents.Where(p => p.Id == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.SessionId, session), cancel);
    }
}
