using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/instances/{id}/usage</summary>
static class GetManagedUsage
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/instances/{id}/usage", HandleAsync)
        .Describe("Resellers", "get_managed_usage", "See what an instance did", "By period, the newest first, 24 at most. Counted about once a minute.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<ManagedUsageResponse>(200)
        .Refuses(ResellerProblems.ResourceNotFound);

    static async Task<Answer<ManagedUsageResponse>> HandleAsync(string id, ResellerCaller by, ReadResourceUsage usage, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: false, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        return new ManagedUsageResponse([.. (await usage.RunAsync(through, resource, cancel)).Select(p => new ManagedUsageResource(p.PeriodStart, p.ReadAt, p.Jobs, p.StorageBytes, p.Connections))]);
    }
}
