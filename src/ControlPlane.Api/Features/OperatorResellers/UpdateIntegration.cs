using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>PATCH /v1/operator/integrations/{id}</summary>
static class UpdateIntegration
{
    static readonly Problem NotFound = new("integration_not_found", 404, "There is no integration with this id.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/operator/integrations/{id}", HandleAsync)
        .Describe("Operator", "update_integration", "Change an integration's secrets and settings, or disable it", "Only what is given changes. A disabled one refuses its callers; what was provisioned through it goes on.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new UpdateIntegrationRequest(Disabled: true))
        .Answers<IntegrationResource>(200)
        .Refuses(NotFound, CreateIntegration.SettingsInvalid);

    static async Task<Answer<IntegrationResource>> HandleAsync(string id, UpdateIntegrationRequest request, Caller caller, IntegrationLookup lookup, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!IntegrationId.TryParse(id, out var known) || await db.ResellerIntegrations.SingleOrDefaultAsync(i => i.Id == known, cancel) is not { } integration)
            return NotFound;
        if (request.Settings is { } settings && !CreateIntegration.IsObject(settings))
            return CreateIntegration.SettingsInvalid;
        integration.Settings = request.Settings ?? integration.Settings;
        if (request.Password is { } password)
            integration.SecretHash = IntegrationLookup.HashPassword(password);
        if (request.Secrets is { } secrets)
            lookup.SealSecrets(integration, secrets);
        if (request.Disabled is { } disabled)
            integration.DisabledAt = disabled ? integration.DisabledAt ?? clock.GetUtcNow() : null;
        db.Write(null, caller.OperatorActor, "integration.changed", integration.Id.ToString(), integration.DisabledAt is null ? null : "disabled", clock);
        return integration.ToResource();
    }
}
