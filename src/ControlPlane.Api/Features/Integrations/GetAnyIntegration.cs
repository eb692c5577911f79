using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>GET /v1/operator/integrations/{id}</summary>
static class GetAnyIntegration
{
    static readonly Problem NotFound = Integrating.NotFound.Saying("There is no integration with this id.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/integrations/{id}", HandleAsync)
        .Describe("Operator", "get_any_integration", "Get an integration", "With the addresses to enter at the platform, and the manifest for its listing, without secrets. GET /v1/operator/resellers lists all of them.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<IntegrationDetails>(200)
        .Refuses(NotFound);

    static async Task<Answer<IntegrationDetails>> HandleAsync(string id, Integrating integrating, ControlPlaneDb db, CancellationToken cancel) =>
        IntegrationId.TryParse(id, out var known) && await db.ResellerIntegrations.AsNoTracking().SingleOrDefaultAsync(i => i.Id == known && i.Dialect != Dialect.Native, cancel) is { } integration
            ? integrating.Describe(integration)
            : NotFound;
}
