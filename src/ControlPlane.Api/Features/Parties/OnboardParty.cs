using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Stripe.Transfers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Parties;

/// <summary>POST /v1/operator/parties/{id}/onboarding</summary>
static class OnboardParty
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/parties/{id}/onboarding", HandleAsync)
        .Describe(
            "Operator", "onboard_party", "Let a party be paid through Stripe",
            "Makes its connected account at the first time, which becomes its destination, and gives the address of Stripe's page where it says who it is. Send it to the party; an address is good once, so ask again for another.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Answers<OnboardingResponse>(200)
        .Refuses(PartyReading.PartyNotFound, PartyReading.StripeMissing);

    static async Task<Answer<OnboardingResponse>> HandleAsync(
        string id, Caller caller, ControlPlaneDb db, [FromServices] PartyOnboarding? onboarding, IOptions<ApiOptions> api, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock,
        CancellationToken cancel)
    {
        if (onboarding is null)
            return PartyReading.StripeMissing;
        if (await db.LockPartyAsync(id, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        var before = party.Destination;
        var link = await onboarding.BeginAsync(party, new Uri(api.Value.PortalAddress, $"operator/money/parties/{party.Party}"), billing.GetUtcNow(), cancel);
        if (before != party.Destination)
            db.Write(null, caller.OperatorActor, "party.destination_changed", party.Party.ToString(), $"to {party.Rail.ToText()} {party.Destination}", clock);
        return new OnboardingResponse(link.Account, link.Url, link.ExpiresAt);
    }
}
