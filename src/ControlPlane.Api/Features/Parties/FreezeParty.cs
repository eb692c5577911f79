using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Parties;

/// <summary>POST /v1/operator/parties/{id}/freeze</summary>
static class FreezeParty
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/parties/{id}/freeze", HandleAsync)
        .Describe("Operator", "freeze_party", "Pay nothing out to a party", "It goes on earning. Payouts that were not handed over yet wait.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ReasonRequest("the account was reported as taken over"))
        .Answers<PartyResource>(200)
        .Refuses(PartyReading.PartyNotFound);

    static async Task<Answer<PartyResource>> HandleAsync(
        string id, ReasonRequest request, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPartyAsync(id, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        party.Freeze(request.Reason, billing.GetUtcNow());
        db.Write(null, caller.OperatorActor, "party.frozen", party.Party.ToString(), request.Reason, clock);
        return party.ToResource();
    }
}
