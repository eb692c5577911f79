using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>PATCH /v1/operator/resellers/{id}</summary>
static class UpdateReseller
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/operator/resellers/{id}", HandleAsync)
        .Describe("Operator", "update_reseller", "Set a reseller's name, mode and party", "Only what is given changes. A mode counts for what is started from then on; who pays for what runs stays.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new UpdateResellerRequest(Mode: "wholesale"))
        .Answers<OperatorResellerResource>(200)
        .Refuses(OperatorReselling.NotFound, OperatorReselling.PartyTaken);

    static async Task<Answer<OperatorResellerResource>> HandleAsync(string id, UpdateResellerRequest request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockResellerAsync(id, cancel) is not { } reseller)
            return OperatorReselling.NotFound;
        if (request.Party is { } party && await db.Resellers.AnyAsync(r => r.PartyId == party && r.Id != reseller.Id, cancel))
            return OperatorReselling.PartyTaken;
        reseller.Name = request.Name?.Trim() ?? reseller.Name;
        reseller.PartyId = request.Party ?? reseller.PartyId;
        reseller.Mode = request.Mode is { } mode ? LowercaseEnum<ResellerMode>.Parse(mode) : reseller.Mode;
        db.Write(null, caller.OperatorActor, "reseller.changed", reseller.Id.ToString(), $"{reseller.Name}, {reseller.Mode.ToText()}, party {reseller.Party}", clock);
        await db.SaveChangesAsync(cancel);
        return (await db.ToResourcesAsync([reseller], cancel))[0];
    }
}
