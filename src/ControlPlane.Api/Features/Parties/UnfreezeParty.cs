using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Parties;

/// <summary>POST /v1/operator/parties/{id}/unfreeze</summary>
static class UnfreezeParty
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/parties/{id}/unfreeze", HandleAsync)
        .Describe("Operator", "unfreeze_party", "Pay out to a party again")
        .AllowOperator(TokenScopes.PayoutApprove)
        .Answers<PartyResource>(200)
        .Refuses(PartyReading.PartyNotFound);

    static async Task<Answer<PartyResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockPartyAsync(id, cancel) is not { } party)
            return PartyReading.PartyNotFound;
        party.Unfreeze();
        db.Write(null, caller.OperatorActor, "party.unfrozen", party.Party.ToString(), null, clock);
        return party.ToResource();
    }
}
