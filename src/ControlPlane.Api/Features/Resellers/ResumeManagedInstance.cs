using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/instances/{id}/resume</summary>
static class ResumeManagedInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/instances/{id}/resume", HandleAsync)
        .Describe("Resellers", "resume_managed_instance", "Resume an instance", "Takes your own suspension back. Where its owner or a debt holds it as well, it stays stopped, and `suspended_by` says who.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Answers<ManagedInstanceResource>(202, 200)
        .Refuses([ResellerProblems.Suspended, Rules.PlanPurchase.PaymentOverdue, .. ResellerProblems.OfCommands]);

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(string id, ResellerCaller by, ResellerCommands commands, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: true, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        return await db.ToAnswerAsync(by, await commands.ResumeAsync(through, new ResourceRequest(resource.ExternalId), cancel), cancel);
    }
}
