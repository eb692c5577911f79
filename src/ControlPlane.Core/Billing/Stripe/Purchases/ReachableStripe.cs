using System.Net;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>The provider as a customer's call uses it: that Stripe does not answer is said in words of ours, so that the caller knows to look again.</summary>
sealed class ReachableStripe(StripeProvider stripe) : IBillingProvider
{
    public BillingProvider Kind => stripe.Kind;

    public Task<PlanChange> ComputeAsync(ControlPlaneDb db, BillingAccount account, Instance? instance, string instanceName, PlanOffer offer, ChangeTime time, DateTimeOffset at, CancellationToken cancel) =>
        Reach.AskAsync(() => stripe.ComputeAsync(db, account, instance, instanceName, offer, time, at, cancel));

    public Task<PurchaseResult> ChangeAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanChange change, PostedBy by, CancellationToken cancel) =>
        Reach.AskAsync(() => stripe.ChangeAsync(db, account, instance, change, by, cancel));

    public Task<PurchaseResult> AddAddOnAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, int quantity, PostedBy by, CancellationToken cancel) =>
        Reach.AskAsync(() => stripe.AddAddOnAsync(db, account, instance, offer, quantity, by, cancel));

    public Task SayEndAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) => Reach.AskAsync(() => stripe.SayEndAsync(db, account, cancel));

    public Task SayDetailsAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) => Reach.AskAsync(() => stripe.SayDetailsAsync(db, account, cancel));
}

/// <summary>The same of the pages.</summary>
sealed class ReachablePages(StripePages pages) : IProviderPages
{
    public Task<ProviderPage?> CheckOutAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, ReturnAddresses back, string actor, CancellationToken cancel) =>
        Reach.AskAsync(() => pages.CheckOutAsync(db, account, instance, offer, back, actor, cancel));

    public Task<ProviderPage> ManageAsync(ControlPlaneDb db, BillingAccount account, Uri back, CancellationToken cancel) => Reach.AskAsync(() => pages.ManageAsync(db, account, back, cancel));
}

static class Reach
{
    internal static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception error) when (IsOutage(error))
        {
            throw new ProviderUnavailableException(error);
        }
    }

    internal static Task AskAsync(Func<Task> ask) => AskAsync(async () =>
    {
        await ask();
        return true;
    });

    /// <summary>No answer, too late an answer, or one that says to come again. A refusal of what was asked is none of them.</summary>
    internal static bool IsOutage(Exception error) => error is HttpRequestException or TaskCanceledException { InnerException: TimeoutException }
        || error is StripeException { HttpStatusCode: 0 or HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError };
}
