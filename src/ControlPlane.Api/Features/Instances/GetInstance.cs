using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>GET /v1/instances/{id}</summary>
static class GetInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/instances/{id}", HandleAsync)
        .Describe("Instances", "get_instance", "Get an instance")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<InstanceResource>(200)
        .Refuses(InstanceLookup.NotFound);

    static async Task<Answer<InstanceResource>> HandleAsync(string id, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindInstanceAsync(id, clock, cancel) is not { } instance)
            return InstanceLookup.NotFound;
        return (await db.ToResourcesAsync([instance], clock.GetUtcNow(), cancel))[0];
    }
}
