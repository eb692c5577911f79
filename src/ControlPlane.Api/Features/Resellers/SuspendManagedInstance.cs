using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/instances/{id}/suspend</summary>
static class SuspendManagedInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/instances/{id}/suspend", HandleAsync)
        .Describe("Resellers", "suspend_managed_instance", "Suspend an instance", "For a reason of yours, apart from its owner's own suspension and from debts: it runs again when nobody holds it any more. Suspending it again changes nothing.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Answers<ManagedInstanceResource>(202, 200)
        .Refuses(ResellerProblems.OfCommands);

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(string id, ResellerCaller by, ResellerCommands commands, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: true, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        return await db.ToAnswerAsync(by, await commands.SuspendAsync(through, new ResourceRequest(resource.ExternalId), cancel), cancel);
    }
}
