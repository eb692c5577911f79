using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>PATCH /v1/reseller/integrations/{id}</summary>
static class ChangeIntegration
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/reseller/integrations/{id}", HandleAsync)
        .Describe("Integrations", "change_integration", "Change an integration", "Its name, its settings, and what the platform has given you. What is left out stays.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Example(new ChangeIntegrationRequest("Faktory for teams"))
        .Answers<IntegrationDetails>(200)
        .Refuses(Integrating.NotFound, Integrating.AddressInvalid);

    static async Task<Answer<IntegrationDetails>> HandleAsync(string id, ChangeIntegrationRequest request, Caller caller, ResellerCaller by, Integrating integrating, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await integrating.FindAsync(by, id, cancel) is not { } integration)
            return Integrating.NotFound;
        if (!integrating.TryApply(integration, request.Settings))
            return Integrating.AddressInvalid;
        integration.Name = request.Name is { Length: > 0 and <= 80 } name ? name.Trim() : integration.Name;
        integrating.Keep(integration, request.Secrets);
        db.Write(caller.Organization, caller.Actor, "integration.changed", integration.Id.ToString(), null, clock);
        return integrating.Describe(integration);
    }
}
