using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;

namespace ControlPlane.Core.Billing.Subscriptions;

/// <summary>What is added to an instance's plan. In the caller's transaction, under the account's lock, in the fleet's scope; the caller refreshes the entitlements.</summary>
public static class AddOns
{
    /// <summary>Begins at once; the rest of the period is charged.</summary>
    /// <exception cref="PriceMissingException">It is not sold in the account's currency and interval.</exception>
    public static async Task<(SubscriptionItem Item, Invoice? Invoice)> AddAddOnAsync(
        this ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, int quantity, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var at = clock.GetUtcNow();
        at = at.ToSecond();
        var price = PlanChanges.PriceOf(offer, account);
        var (start, end) = await db.PeriodForAsync(account, at, cancel);
        await db.BeginPeriodAsync(account, at, cancel);
        var item = new SubscriptionItem
        {
            Id = SubscriptionItemId.New(clock),
            OrganizationId = account.OrganizationId,
            InstanceId = instance.Id,
            PlanKey = offer.Plan.Key,
            PlanVersion = offer.Version.Version,
            IsAddOn = true,
            Quantity = quantity,
            State = SubscriptionItemState.Active,
            StartedAt = at,
        };
        db.SubscriptionItems.Add(item);
        await db.SaveChangesAsync(cancel);
        var line = Proration.Charge(offer, price, instance.Id, $" ({instance.Name})", quantity, at, start, end);
        return (item, await Subscribing.IssueAsync(db, account, await PlanChanges.DraftAsync(db, account, [line], at, cancel), InvoiceReason.Start, by, clock, cancel));
    }
}
