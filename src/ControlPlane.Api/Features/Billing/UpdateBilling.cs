using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Billing;

/// <summary>PATCH /v1/billing</summary>
static class UpdateBilling
{
    static readonly Problem TermsInUse = new("billing_terms_in_use", 409, "Currency and interval can change only while nothing is paid for. Move your instances to the free plan first.");
    static readonly Problem CurrencyUnknown = new("currency_unknown", 422, "Nothing is sold in this currency. GET /v1/plans shows the prices there are.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/billing", HandleAsync)
        .Describe("Billing", "update_billing", "Change who is billed, and how", "Name, address and tax id stand on the next invoice; those that were issued do not change.")
        .AllowMember(Role.Billing, TokenScopes.BillingWrite)
        .Example(new UpdateBillingRequest("Ada Ltd", "billing@example.com", "1 High Street, London", "GB"))
        .Answers<BillingResource>(200)
        .Refuses(TermsInUse, CurrencyUnknown);

    static async Task<Answer<BillingResource>> HandleAsync(
        UpdateBillingRequest request, Caller caller, PlanPurchase purchase, ControlPlaneDb db, BillingMode mode, IOptions<DunningDays> days, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock,
        CancellationToken cancel)
    {
        var account = await purchase.OpenAsync(caller, cancel);
        if (await RefuseTermsAsync(request, account, db, cancel) is { } refusal)
            return refusal;
        account.Name = request.Name ?? account.Name;
        account.Email = request.Email ?? account.Email;
        account.Address = request.Address ?? account.Address;
        account.Country = request.Country ?? account.Country;
        account.TaxId = request.TaxId ?? account.TaxId;
        await db.InFleetAsync(() => purchase.SayDetailsAsync(account, cancel), cancel);
        db.Write(caller.Organization, caller.Actor, "billing.changed", caller.Organization.ToString(), null, clock);
        await db.SaveChangesAsync(cancel);
        return await db.ReadBillingAsync(account, mode, days.Value, billing.GetUtcNow(), cancel);
    }

    static async Task<Problem?> RefuseTermsAsync(UpdateBillingRequest request, BillingAccount account, ControlPlaneDb db, CancellationToken cancel)
    {
        var currency = request.Currency ?? account.Currency;
        var interval = request.Interval is null ? account.Interval : LowercaseEnum<BillingInterval>.Parse(request.Interval);
        if (currency == account.Currency && interval == account.Interval)
            return null;
        if (await db.SubscriptionItems.AnyAsync(i => i.State != SubscriptionItemState.Ended, cancel) || (currency != account.Currency && await db.Invoices.AnyAsync(cancel)))
            return TermsInUse;
        if (!await db.PlanPrices.AnyAsync(p => p.Currency == currency && p.Interval == interval, cancel))
            return CurrencyUnknown;
        (account.Currency, account.Interval) = (currency, interval);
        return null;
    }
}
