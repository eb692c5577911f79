using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Operations;

/// <summary>GET /v1/operations/{id}</summary>
static class GetOperation
{
    static readonly Problem NotFound = new("operation_not_found", 404, "There is no operation with this id in your organization.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operations/{id}", HandleAsync)
        .Describe("Operations", "get_operation", "Get an operation", "What it is doing and how it ended. Its state ends as succeeded or failed.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<OperationResource>(200)
        .Refuses(NotFound);

    static async Task<Answer<OperationResource>> HandleAsync(string id, ControlPlaneDb db, CancellationToken cancel)
    {
        if (!OperationId.TryParse(id, out var operationId) || await db.Operations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == operationId, cancel) is not { } operation)
            return NotFound;
        return operation.ToResource();
    }
}
