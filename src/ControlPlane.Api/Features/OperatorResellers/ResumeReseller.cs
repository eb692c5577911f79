using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>POST /v1/operator/resellers/{id}/resume</summary>
static class ResumeReseller
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/resellers/{id}/resume", HandleAsync)
        .Describe("Operator", "resume_reseller", "Let a reseller go on", "It may start something new again, and its customers are no longer offered to take over for its sake.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Answers<OperatorResellerResource>(200)
        .Refuses(OperatorReselling.NotFound);

    static async Task<Answer<OperatorResellerResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockResellerAsync(id, cancel) is not { } reseller)
            return OperatorReselling.NotFound;
        reseller.Resume();
        db.Write(null, caller.OperatorActor, "reseller.resumed", reseller.Id.ToString(), null, clock);
        await db.SaveChangesAsync(cancel);
        return (await db.ToResourcesAsync([reseller], cancel))[0];
    }
}
