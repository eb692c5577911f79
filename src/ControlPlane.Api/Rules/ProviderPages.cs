using ControlPlane.Api.Http;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;

namespace ControlPlane.Api.Rules;

/// <summary>The pages of the provider that an organization is billed through.</summary>
sealed class ProviderPages(IEnumerable<IProviderPages> all)
{
    internal static readonly Problem NotHere = new("billed_by_transfer", 409, "Your organization pays its invoices by bank transfer: there is no page to pay at.");

    /// <summary>Null where the operator collects by hand.</summary>
    internal (BillingAccount Account, IProviderPages Pages)? Of(BillingAccount account) => account.Provider == BillingProvider.Stripe && all.FirstOrDefault() is { } pages ? (account, pages) : null;
}
