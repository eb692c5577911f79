using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>GET /v1/reseller/integrations/{id}</summary>
static class GetIntegration
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/integrations/{id}", HandleAsync)
        .Describe("Integrations", "get_integration", "Get an integration", "With its settings, the addresses to enter at the platform, and the manifest where the dialect has one. GET /v1/reseller lists all of them.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerRead)
        .Answers<IntegrationDetails>(200)
        .Refuses(Integrating.NotFound);

    static async Task<Answer<IntegrationDetails>> HandleAsync(string id, ResellerCaller by, Integrating integrating, CancellationToken cancel) =>
        await integrating.FindAsync(by, id, cancel) is { } integration ? integrating.Describe(integration) : Integrating.NotFound;
}
