using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Customers;

/// <summary>POST /v1/operator/overrides/{id}/revoke</summary>
static class RevokeOverride
{
    static readonly Problem NotFound = new("override_not_found", 404, "There is no override with this id.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/overrides/{id}/revoke", HandleAsync)
        .Describe("Operator", "revoke_override", "Take an override back", "Running instances follow at once. Again it changes nothing.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Answers<OverrideResource>(200)
        .Refuses(NotFound);

    static async Task<Answer<OverrideResource>> HandleAsync(string id, Caller caller, MoneyChange money, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!OverrideId.TryParse(id, out var overrideId) || await db.EntitlementOverrides.SingleOrDefaultAsync(o => o.Id == overrideId, cancel) is not { } given)
            return NotFound;
        if (given.RevokedAt is not null)
            return given.ToResource();
        given.RevokedAt = money.Billing.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        await db.RefreshOrganizationAsync(given.OrganizationId, clock, cancel);
        db.Write(given.OrganizationId, caller.OperatorActor, "entitlement.override_revoked", given.Id.ToString(), given.Key, clock);
        return given.ToResource();
    }
}
