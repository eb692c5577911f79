using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Operations;

/// <summary>GET /v1/operations</summary>
static class ListOperations
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operations", HandleAsync)
        .Describe("Operations", "list_operations", "List operations", "Newest first; with `subject` only those on one instance or backup.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<Page<OperationResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<OperationResource>>> HandleAsync([AsParameters] PageRequest page, string? subject, ControlPlaneDb db, CancellationToken cancel)
    {
        IQueryable<Operation> operations = db.Operations.AsNoTracking();
        if (subject is not null)
            operations = operations.Where(o => o.Subject == subject);
        return (await operations.ReadPageAsync(o => o.Id, page, cancel)).Select(OperationResources.ToResource);
    }
}
