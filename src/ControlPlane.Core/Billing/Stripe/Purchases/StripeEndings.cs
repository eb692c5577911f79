using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Stripe;
using Invoice = ControlPlane.Core.Billing.Invoices.Invoice;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>What was deleted for debt ends at Stripe as well: nothing more is charged, and nobody is asked to pay for what was taken away.</summary>
sealed class StripeEndings(IStripeClient stripe, SubscriptionConvergence subscriptions, InvoiceConvergence invoices)
{
    internal static IQueryable<OrganizationId> Due(ControlPlaneDb db) => db.BillingAccounts
        .Where(a => a.Provider == BillingProvider.Stripe && (a.Dunning == DunningState.Deleted || a.Dunning == DunningState.Purged)
            && (a.ProviderSubscriptionId != null || db.Invoices.Any(i => i.OrganizationId == a.OrganizationId && i.State == InvoiceState.Open && i.ProviderInvoiceId != null)))
        .Select(a => a.OrganizationId);

    internal async Task EndAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        if (account.ProviderSubscriptionId is { } id)
        {
            var service = new SubscriptionService(stripe);
            if (SubscriptionConvergence.IsLiving(await service.GetAsync(id, cancellationToken: cancel)))
                await service.CancelAsync(id, new() { Prorate = false, InvoiceNow = false }, cancellationToken: cancel);
            await subscriptions.ConvergeAsync(db, id, cancel);
        }
        foreach (var invoice in await OpenAsync(db, account, cancel))
        {
            var service = new InvoiceService(stripe);
            if ((await service.GetAsync(invoice.ProviderInvoiceId, cancellationToken: cancel)).Status == "open")
                await service.VoidInvoiceAsync(invoice.ProviderInvoiceId, cancellationToken: cancel);
            await invoices.ConvergeAsync(db, invoice.ProviderInvoiceId!, cancel);
        }
    }

    static Task<List<Invoice>> OpenAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) =>
        db.Invoices.AsNoTracking().Where(i => i.OrganizationId == account.OrganizationId && i.State == InvoiceState.Open && i.ProviderInvoiceId != null).OrderBy(i => i.Id).ToListAsync(cancel);
}
