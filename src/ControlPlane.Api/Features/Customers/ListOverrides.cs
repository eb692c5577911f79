using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Customers;

/// <summary>GET /v1/operator/customers/{id}/overrides</summary>
static class ListOverrides
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/customers/{id}/overrides", HandleAsync)
        .Describe("Operator", "list_overrides", "List what a customer was given besides its plan", "Newest first, those that ended included.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<OverrideResource>>(200)
        .Refuses(CustomerReading.NotFound, Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<OverrideResource>>> HandleAsync(string id, [AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel) =>
        OrganizationId.TryParse(id, out var organization) && await db.Organizations.AnyAsync(o => o.Id == organization, cancel)
            ? (await db.EntitlementOverrides.AsNoTracking().Where(o => o.OrganizationId == organization).ReadPageAsync(o => o.Id, page, cancel)).Select(o => o.ToResource())
            : CustomerReading.NotFound;
}
