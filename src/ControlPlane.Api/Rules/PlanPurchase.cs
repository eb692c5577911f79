using ControlPlane.Api.Http;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Rules;

/// <param name="At">The moment of an earlier preview; null for now.</param>
/// <param name="ExpectedTotalMinor">What the caller was shown; another amount is refused.</param>
sealed record PlanChoice(ChangeTime Time, DateTimeOffset? At = null, long? ExpectedTotalMinor = null)
{
    internal static PlanChoice AtOnce { get; } = new(ChangeTime.Now);
}

/// <summary>What an instance's plan costs, when it is made, changed or brought back: the item, its invoice and the entitlements together.</summary>
sealed class PlanPurchase(ControlPlaneDb db, BillingProviders providers, BillingMode mode, IOptions<BillingDefaults> defaults, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock)
{
    internal static readonly Problem PaymentOverdue = new("payment_overdue", 402, "An invoice of your organization is overdue, so nothing new can be started. Pay it first; GET /v1/billing/invoices lists what is open.");
    internal static readonly Problem PriceMissing = new("price_missing", 409, "This plan is not sold in the currency that your organization is billed in. Choose another plan, or ask the operator.");
    internal static readonly Problem NotForSale = new("plan_not_for_sale", 409, "This plan cannot be sold yet: its vendor has no contract. Choose another plan, or ask the operator.");
    internal static readonly Problem PreviewExpired = new("preview_expired", 409, "The preview is older than 10 minutes, or its amount is not the one any more. Ask for a new one.");
    internal static readonly Problem CheckoutNeeded = new("checkout_required", 402, "Your organization has not entered how it pays. POST /v1/billing/checkout gives the page for it; a new instance can be made on the free plan first.");
    internal static readonly Problem PaymentFailed = new("payment_failed", 402, "The payment was refused, and nothing has changed. Enter another way to pay; POST /v1/billing/payment-page gives the page for it.");
    internal static readonly Problem PaymentWaits = new("payment_waiting", 402, "The payment was refused. The change begins when its invoice is paid, and lapses after a day; GET /v1/billing/invoices shows where to pay.");
    internal static readonly Problem[] Refusals = [PaymentOverdue, PriceMissing, NotForSale, CheckoutNeeded, PaymentFailed, PaymentWaits];

    /// <summary>Of a new instance, which is among what will be saved.</summary>
    internal async Task<Problem?> StartAsync(Caller caller, Instance instance, PlanOffer offer, PlanChoice choice, CancellationToken cancel)
    {
        if (await RefuseGrowthAsync(caller.Payer, cancel) is { } overdue)
            return overdue;
        return await db.InFleetAsync(async () =>
        {
            if (!offer.IsFree && caller.Behalf is not { IsSandbox: true } && (await ChangeAsync(caller, instance, offer, choice, cancel)).Refusal is { } refusal)
                return refusal;
            await db.RefreshEntitlementsAsync(instance, clock, cancel);
            return null;
        }, cancel);
    }

    /// <summary>Of one that there is. In the fleet's scope; the caller files what applies the limits.</summary>
    internal async Task<(PlanChange? Change, Invoice? Invoice, Problem? Refusal)> ChangeAsync(Caller caller, Instance instance, PlanOffer offer, PlanChoice choice, CancellationToken cancel)
    {
        var account = await OpenAsync(caller, cancel);
        var (change, refusal) = await ComputeAsync(account, instance, instance.Name, offer, choice, cancel);
        if (change is null)
            return (null, null, refusal);
        if (change.Kind is PlanChangeKind.Start or PlanChangeKind.Trial or PlanChangeKind.Upgrade && account.Mask != DunningMask.None)
            return (null, null, PaymentOverdue);
        // One that is being made begins with the plan's limits; where that is not paid for, all of it is undone.
        if (instance.PlanKey == offer.Plan.Key)
            await db.RefreshEntitlementsAsync(instance, clock, cancel);
        var result = await providers.Of(account).ChangeAsync(db, account, instance, change, PostedBy(caller.Actor, account), cancel);
        if (RefusalOf(result) is { } unpaid)
            return (null, null, unpaid);
        if (result.Invoice is { } invoice)
            db.Write(account.OrganizationId, caller.Actor, "invoice.issued", invoice.Id.ToString(), $"{invoice.Number}, {new Money(invoice.TotalMinor, Currency.Parse(invoice.Currency))}", clock);
        await db.SaveChangesAsync(cancel);
        return (change, result.Invoice, null);
    }

    internal static Problem? RefusalOf(PurchaseResult result) => result.Outcome switch
    {
        PurchaseOutcome.Done => null,
        PurchaseOutcome.CheckoutNeeded => CheckoutNeeded,
        PurchaseOutcome.PaymentFailed => result.Reason is { } reason ? PaymentFailed.Saying($"The payment was refused, and nothing has changed: {reason} POST /v1/billing/payment-page gives the page to enter another way to pay.") : PaymentFailed,
        PurchaseOutcome.PaymentWaits => result.PayAt is { } at ? PaymentWaits.Saying($"The payment was refused. The change begins when its invoice is paid, and lapses after a day. Pay it at {at}") : PaymentWaits,
        _ => throw new InvalidOperationException($"a purchase came to {result.Outcome}"),
    };

    /// <summary>What it would do and cost, or why it cannot be.</summary>
    internal async Task<(PlanChange? Change, Problem? Refusal)> ComputeAsync(BillingAccount account, Instance? instance, string name, PlanOffer offer, PlanChoice choice, CancellationToken cancel)
    {
        var now = billing.GetUtcNow();
        if (await RefuseSaleAsync(offer.Plan, cancel) is { } notForSale)
            return (null, notForSale);
        if (choice.At is { } shown && (shown > now.AddMinutes(1) || now - shown > PlanChanges.PreviewGoodFor))
            return (null, PreviewExpired);
        try
        {
            var change = await providers.Of(account).ComputeAsync(db, account, instance, name, offer, choice.Time, choice.At ?? now, cancel);
            return choice.ExpectedTotalMinor is { } expected && expected != change.Draft.TotalMinor ? (null, PreviewExpired) : (change, null);
        }
        catch (PriceMissingException missing)
        {
            return (null, PriceMissing.Saying($"{missing.Message} Choose another plan, or ask the operator."));
        }
    }

    internal Task<BillingAccount> OpenAsync(Caller caller, CancellationToken cancel) =>
        db.LockOrOpenBillingAsync(caller.Payer, defaults.Value, caller.Person.Email, billing, cancel);

    /// <param name="payer">Another organization than the caller's where a reseller pays.</param>
    internal Task<Problem?> RefuseGrowthAsync(OrganizationId payer, CancellationToken cancel) => db.InFleetAsync(async () =>
        await db.BillingAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.OrganizationId == payer, cancel) is { Mask: not DunningMask.None } ? PaymentOverdue : null, cancel);

    /// <summary>Of an instance that is brought back: it goes on with what is paid for, and otherwise on the free plan.</summary>
    internal Task ContinueAsync(Instance instance, CancellationToken cancel) => db.InFleetAsync(async () =>
    {
        await db.ContinueAfterUndeleteAsync(instance, cancel);
        await db.SaveChangesAsync(cancel);
        await SayEndAsync(instance, cancel);
        var offer = await db.ReadOfferAsync(instance.PlanKey, instance.PlanVersion, cancel);
        if (!offer.IsFree && await db.FindItemAsync(instance, cancel) is null && await db.FindOfferAsync(SeedPlans.FreeKey, null, cancel) is { } free)
            (instance.PlanKey, instance.PlanVersion) = (free.Plan.Key, free.Version.Version);
        await db.RefreshEntitlementsAsync(instance, clock, cancel);
        return true;
    }, cancel);

    internal PostedBy PostedBy(Actor actor, BillingAccount account) => mode.By(actor.Id, account.Provider);

    /// <summary>Something is to end with the period, or goes on.</summary>
    internal async Task SayEndAsync(Instance instance, CancellationToken cancel)
    {
        if (await db.LockBillingAsync(instance.OrganizationId, cancel) is { } account)
            await providers.Of(account).SayEndAsync(db, account, cancel);
    }

    /// <summary>Name, address, tax or coupons have changed.</summary>
    internal async Task<bool> SayDetailsAsync(BillingAccount account, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        await providers.Of(account).SayDetailsAsync(db, account, cancel);
        return true;
    }

    internal async Task<Problem?> RefuseSaleAsync(Plan plan, CancellationToken cancel) =>
        plan.RequiresVendorContract && !await HasVendorContractAsync(plan, billing.GetUtcNow(), cancel) ? NotForSale : null;

    async Task<bool> HasVendorContractAsync(Plan plan, DateTimeOffset now, CancellationToken cancel) => await db.InFleetAsync(() => db.ShareContracts.AnyAsync(
        c => c.PartyKind == PartyKind.Vendor && c.ValidFrom <= now && (c.ValidTo == null || c.ValidTo > now)
            && (c.Scope == ShareScope.All || (c.Scope == ShareScope.Product && c.ScopeKey == plan.ProductKey) || (c.Scope == ShareScope.Plan && c.ScopeKey == plan.Key)), cancel), cancel);
}
