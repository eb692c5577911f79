using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>DELETE /v1/reseller/integrations/{id}</summary>
static class DisableIntegration
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/reseller/integrations/{id}", HandleAsync)
        .Describe("Integrations", "disable_integration", "Let a platform in no more", "Its callers are refused from now on. What came through it goes on running, and stays yours to manage.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Answers<IntegrationResource>(200)
        .Refuses(Integrating.NotFound);

    static async Task<Answer<IntegrationResource>> HandleAsync(string id, Caller caller, ResellerCaller by, Integrating integrating, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await integrating.FindAsync(by, id, cancel) is not { } integration)
            return Integrating.NotFound;
        integration.DisabledAt ??= clock.GetUtcNow();
        db.Write(caller.Organization, caller.Actor, "integration.disabled", integration.Id.ToString(), null, clock);
        return integration.ToResource();
    }
}
