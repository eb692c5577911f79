using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Operator;

/// <summary>GET /v1/operator/operations</summary>
static class ListFleetOperations
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/operations", HandleAsync)
        .Describe("Operator", "list_fleet_operations", "List everybody's operations", "Newest first, with the technical reason of an error.")
        .AllowOperator(TokenScopes.Read)
        .Answers<Page<OperationResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<OperationResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        (await db.Operations.AsNoTracking().ReadPageAsync(o => o.Id, page, cancel)).Select(o => o.ToResource() with { Error = o.ErrorDetail ?? o.Error });
}
