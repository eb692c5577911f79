using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Billing;

/// <summary>POST /v1/billing/payment-page</summary>
static class OpenPaymentPage
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/billing/payment-page", HandleAsync)
        .Describe("Billing", "open_payment_page", "Open the page where ways to pay are changed", "At Stripe: cards, and the invoices it has written. No number of a card ever comes to this service.")
        .AllowMember(Role.Billing, TokenScopes.BillingWrite)
        .WithMetadata(new SensitiveCall())
        .Example(new { })
        .Answers<ProviderPageResource>(201)
        .Refuses(ProviderPages.NotHere);

    static Task<Answer<ProviderPageResource>> HandleAsync(Caller caller, PlanPurchase purchase, ProviderPages pages, IOptions<ApiOptions> options, ControlPlaneDb db, CancellationToken cancel) => db.InFleetAsync(async () =>
    {
        if (pages.Of(await purchase.OpenAsync(caller, cancel)) is not var (account, provider))
            return (Answer<ProviderPageResource>)ProviderPages.NotHere;
        var page = await provider.ManageAsync(db, account, new Uri(options.Value.PortalAddress, "billing"), cancel);
        return Answer.Created(new ProviderPageResource(page.Address, page.ExpiresAt));
    }, cancel);
}
