using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/instances/{id}</summary>
static class GetManagedInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/instances/{id}", HandleAsync)
        .Describe("Resellers", "get_managed_instance", "Get an instance that you asked for", "By its `res_…`, or by your own id of it.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<ManagedInstanceResource>(200)
        .Refuses(ResellerProblems.ResourceNotFound);

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(string id, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel) =>
        await db.FindManagedAsync(by, id, withEnded: true, cancel) is { } found && (await db.ToResourcesAsync(by, [found.Resource], cancel)) is [var resource] ? resource : ResellerProblems.ResourceNotFound;
}
