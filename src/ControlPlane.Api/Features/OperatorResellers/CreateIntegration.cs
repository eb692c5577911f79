using System.Text.Json;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>POST /v1/operator/resellers/{id}/integrations</summary>
static class CreateIntegration
{
    static readonly Problem KeyTaken = new("integration_key_taken", 409, "Another integration of this dialect has this key. Callers would not be told apart.");
    internal static readonly Problem SettingsInvalid = new("invalid_settings", 400, "Settings are the text of a JSON object.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/resellers/{id}/integrations", HandleAsync)
        .Describe("Operator", "create_integration", "Let a reseller plug in by another dialect", "With what each side shows the other. Secrets are sealed, and never shown again.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new CreateIntegrationRequest("heroku", "Heroku", "faktory-cloud", "a password of sixteen or more"))
        .Answers<IntegrationResource>(201)
        .Refuses(OperatorReselling.NotFound, KeyTaken, SettingsInvalid);

    static async Task<Answer<IntegrationResource>> HandleAsync(string id, CreateIntegrationRequest request, Caller caller, IntegrationLookup lookup, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockResellerAsync(id, cancel) is not { } reseller)
            return OperatorReselling.NotFound;
        if (!IsObject(request.Settings))
            return SettingsInvalid;
        var dialect = LowercaseEnum<Dialect>.Parse(request.Dialect);
        if (await db.ResellerIntegrations.AnyAsync(i => i.Dialect == dialect && i.Key == request.Key, cancel))
            return KeyTaken;
        var integration = new ResellerIntegration
        {
            Id = IntegrationId.New(clock),
            ResellerId = reseller.Id,
            OrganizationId = reseller.OrganizationId,
            Dialect = dialect,
            Name = request.Name.Trim(),
            Key = request.Key,
            SecretHash = request.Password is { } password ? IntegrationLookup.HashPassword(password) : null,
            Settings = request.Settings,
            IsSandbox = request.IsSandbox,
            CreatedAt = clock.GetUtcNow(),
        };
        if (request.Secrets is { } secrets)
            lookup.SealSecrets(integration, secrets);
        db.ResellerIntegrations.Add(integration);
        db.Write(null, caller.OperatorActor, "integration.created", integration.Id.ToString(), $"{request.Dialect} of {reseller.Name}", clock);
        return Answer.Created(integration.ToResource());
    }

    internal static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false; // What callers send need not be JSON.
        }
    }
}
