using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Stripe.Checkout;
using PortalSessions = Stripe.BillingPortal.SessionService;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>Stripe's pages: Checkout for the first paid plan, and the customer portal.</summary>
sealed class StripePages(IStripeClient stripe, StripeCustomers customers, StripePrices prices, StripeReductions reductions, PurchaseIntents purchases, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IProviderPages
{
    public async Task<ProviderPage?> CheckOutAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, ReturnAddresses back, string actor, CancellationToken cancel)
    {
        if (await HasSubscriptionAsync(account, cancel))
            return null;
        var price = PlanChanges.PriceOf(offer, account);
        var customer = await customers.EnsureAsync(account, cancel);
        await ExpireEarlierAsync(db, account, cancel);
        var purchase = await purchases.RememberAsync(account, instance.Id, offer, 1, actor, cancel);
        var options = new SessionCreateOptions
        {
            Mode = "subscription",
            Customer = customer,
            ClientReferenceId = purchase.Id.ToString(),
            SuccessUrl = back.Done.ToString(),
            CancelUrl = back.Canceled.ToString(),
            LineItems = await ItemsAsync(db, price, cancel),
            SubscriptionData = await DescribeAsync(account, offer, cancel),
        };
        // Stripe's page takes one; the others are put on the subscription when the page is completed.
        if ((await db.ReadCouponsAsync(account, billing.GetUtcNow(), cancel)).FirstOrDefault() is { } coupon)
            options.Discounts = [new() { Coupon = await reductions.EnsureCouponAsync(coupon, cancel) }];
        var session = await new SessionService(stripe).CreateAsync(options, new RequestOptions { IdempotencyKey = purchase.Id.ToString() }, cancel);
        await purchases.NameSessionAsync(purchase.Id, session.Id, cancel);
        return new ProviderPage(session.Url, Moment.Of(session.ExpiresAt, "until when a checkout page is open"));
    }

    public async Task<ProviderPage> ManageAsync(ControlPlaneDb db, BillingAccount account, Uri back, CancellationToken cancel)
    {
        var customer = await customers.EnsureAsync(account, cancel);
        var session = await new PortalSessions(stripe).CreateAsync(new() { Customer = customer, ReturnUrl = back.ToString() }, cancellationToken: cancel);
        return new ProviderPage(session.Url, null);
    }

    async Task<bool> HasSubscriptionAsync(BillingAccount account, CancellationToken cancel) =>
        account.ProviderSubscriptionId is { } id && SubscriptionConvergence.IsLiving(await new SubscriptionService(stripe).GetAsync(id, cancellationToken: cancel));

    async Task<List<SessionLineItemOptions>> ItemsAsync(ControlPlaneDb db, PlanPrice price, CancellationToken cancel)
    {
        var (plan, overage) = await prices.EnsureAsync(db, price, cancel);
        List<SessionLineItemOptions> items = [new() { Price = plan, Quantity = 1 }];
        if (overage is not null)
            items.Add(new() { Price = overage });
        return items;
    }

    async Task<SessionSubscriptionDataOptions> DescribeAsync(BillingAccount account, PlanOffer offer, CancellationToken cancel)
    {
        var data = new SessionSubscriptionDataOptions { Metadata = new() { [StripeAccounts.OrganizationEntry] = account.OrganizationId.ToString() } };
        if (await reductions.EnsureTaxRateAsync(account.TaxRatePpm, cancel) is { } rate)
            data.DefaultTaxRates = [rate];
        if (offer.Version.TrialDays > 0 && account.TrialUsedAt is null)
            data.TrialPeriodDays = offer.Version.TrialDays;
        return data;
    }

    /// <summary>Two pages could both be paid.</summary>
    async Task ExpireEarlierAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        var service = new SessionService(stripe);
        foreach (var session in await db.PurchaseIntents.Where(p => p.OrganizationId == account.OrganizationId && p.State == PurchaseState.Open && p.SessionId != null).Select(p => p.SessionId!).ToListAsync(cancel))
            if ((await service.GetAsync(session, cancellationToken: cancel)).Status == "open")
                await service.ExpireAsync(session, cancellationToken: cancel);
    }
}
