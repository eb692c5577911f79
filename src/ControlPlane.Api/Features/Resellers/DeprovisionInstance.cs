using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>DELETE /v1/reseller/instances/{id}</summary>
static class DeprovisionInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/reseller/instances/{id}", HandleAsync)
        .Describe("Resellers", "deprovision_instance", "Give an instance up", "Also while it is being provisioned: that stops then. Its id is not used again. Its customer can bring the data back for 14 days, as its own.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Answers<ManagedInstanceResource>(202, 200)
        .Refuses(ResellerProblems.OfCommands);

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(string id, ResellerCaller by, ResellerCommands commands, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: true, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        return await db.ToAnswerAsync(by, await commands.DeprovisionAsync(through, new ResourceRequest(resource.ExternalId), cancel), cancel);
    }
}
