using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>GET /v1/operator/resellers</summary>
static class ListResellers
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/resellers", HandleAsync)
        .Describe("Operator", "list_resellers", "List resellers", "Newest first, with how many customers and instances they have.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<OperatorResellerResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<OperatorResellerResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel)
    {
        var (items, next) = await db.Resellers.AsNoTracking().ReadPageAsync(r => r.Id, page, cancel);
        return new Page<OperatorResellerResource>(await db.ToResourcesAsync(items, cancel), next);
    }
}
