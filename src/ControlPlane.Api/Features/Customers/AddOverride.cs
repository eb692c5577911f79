using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Customers;

/// <summary>POST /v1/operator/customers/{id}/overrides</summary>
static class AddOverride
{
    static readonly Problem Invalid = new("invalid_entitlement", 422, "There is no such entitlement, or it cannot have this value. The values of GET /v1/plans show them.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/customers/{id}/overrides", HandleAsync)
        .Describe("Operator", "add_override", "Give a customer more, or less, than its plan", "For all instances or one, until it is revoked or ends; running instances follow at once.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new OverrideRequest(EntitlementKeys.ConnectionsMax, "1000", "during their migration"))
        .Answers<OverrideResource>(201)
        .Refuses(CustomerReading.NotFound, InstanceLookup.NotFound, Invalid);

    static async Task<Answer<OverrideResource>> HandleAsync(string id, OverrideRequest request, Caller caller, MoneyChange money, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!OrganizationId.TryParse(id, out var organization) || !await db.Organizations.AnyAsync(o => o.Id == organization, cancel))
            return CustomerReading.NotFound;
        if (!EntitlementKeys.IsValid(request.Key, request.Value))
            return Invalid;
        InstanceId? instance = null;
        if (request.InstanceId is not null)
        {
            if (!InstanceId.TryParse(request.InstanceId, out var named) || !await db.Instances.AnyAsync(i => i.Id == named && i.OrganizationId == organization && i.Desired != DesiredState.Deleted, cancel))
                return InstanceLookup.NotFound;
            instance = named;
        }
        var given = new EntitlementOverride
        {
            Id = OverrideId.New(clock),
            OrganizationId = organization,
            InstanceId = instance,
            Key = request.Key,
            Value = request.Value,
            Reason = request.Reason,
            Actor = caller.OperatorActor.Id,
            CreatedAt = money.Billing.GetUtcNow(),
            ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
        };
        db.EntitlementOverrides.Add(given);
        await db.SaveChangesAsync(cancel);
        await db.RefreshOrganizationAsync(organization, clock, cancel);
        db.Write(organization, caller.OperatorActor, "entitlement.overridden", instance?.ToString() ?? organization.ToString(), $"{given.Key} = {given.Value}: {given.Reason}", clock);
        return Answer.Created(given.ToResource());
    }
}
