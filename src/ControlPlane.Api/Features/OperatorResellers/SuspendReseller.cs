using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Resellers;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>POST /v1/operator/resellers/{id}/suspend</summary>
static class SuspendReseller
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/resellers/{id}/suspend", HandleAsync)
        .Describe("Operator", "suspend_reseller", "Suspend a reseller", "It starts nothing new. What runs goes on: its customers are told by mail that they may take over what is theirs.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new ReasonRequest("contract ended"))
        .Answers<OperatorResellerResource>(200)
        .Refuses(OperatorReselling.NotFound);

    static async Task<Answer<OperatorResellerResource>> HandleAsync(
        string id, ReasonRequest request, Caller caller, ControlPlaneDb db, IOptions<TakeOverOffer> offer, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockResellerAsync(id, cancel) is not { } reseller)
            return OperatorReselling.NotFound;
        reseller.Suspend(request.Reason, clock.GetUtcNow());
        await db.WarnCustomersAsync(reseller, offer.Value, clock, cancel);
        db.Write(null, caller.OperatorActor, "reseller.suspended", reseller.Id.ToString(), request.Reason, clock);
        await db.SaveChangesAsync(cancel);
        return (await db.ToResourcesAsync([reseller], cancel))[0];
    }
}
