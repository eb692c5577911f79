using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>A customer: who invoices are written to, as it was changed at Stripe's own pages.</summary>
sealed class CustomerConvergence(IStripeClient stripe, TimeProvider clock) : IStripeObject
{
    public string Type => "customer";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var customer = await new CustomerService(stripe).GetAsync(id, cancellationToken: cancel);
        if (customer.Deleted == true)
        {
            await SayDeletedAsync(db, id, cancel);
            return ConvergenceResult.Applied;
        }
        if (await db.LockCustomerAsync(stripe, id, cancel) is not { } account)
            return ConvergenceResult.Applied;
        (account.Name, account.Email) = (Or(customer.Name, account.Name), Or(customer.Email, account.Email));
        await db.SaveChangesAsync(cancel);
        return ConvergenceResult.Applied;
    }

    /// <summary>Its subscriptions are canceled at Stripe, which says so by themselves. Whoever buys again becomes a new customer.</summary>
    async Task SayDeletedAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        if (await db.BillingAccounts.SingleOrDefaultAsync(a => a.ProviderCustomerId == id, cancel) is not { } account)
            return;
        account.ProviderCustomerId = null;
        await db.RaiseAlertAsync(null, Alerts.Alerts.BillingUnclear, AlertSeverity.Warning, id, $"The customer {id} of {account.OrganizationId} was deleted at Stripe. What it still owes cannot be collected there.", clock, cancel);
        await db.SaveChangesAsync(cancel);
    }

    static string Or(string? theirs, string ours) => string.IsNullOrWhiteSpace(theirs) ? ours : theirs;
}
