using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>POST /v1/reseller/integrations/{id}/rotate</summary>
static class RotateIntegration
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/integrations/{id}/rotate", HandleAsync)
        .Describe("Integrations", "rotate_integration", "Give an integration new credentials", "The old password and salt stop working at once. The new ones are shown in this answer and never again.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Answers<IntegrationCredentials>(200)
        .Refuses(Integrating.NotFound);

    static async Task<Answer<IntegrationCredentials>> HandleAsync(string id, Caller caller, ResellerCaller by, Integrating integrating, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await integrating.FindAsync(by, id, cancel) is not { } integration)
            return Integrating.NotFound;
        db.Write(caller.Organization, caller.Actor, "integration.rotated", integration.Id.ToString(), null, clock);
        return integrating.Renew(integration);
    }
}
