using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>POST /v1/reseller/integrations</summary>
static class AddIntegration
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/integrations", HandleAsync)
        .Describe("Integrations", "add_integration", "Let a platform plug in", "The platform then speaks its own protocol to the addresses in the answer. The password and the salt are shown in this answer and never again.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Example(new AddIntegrationRequest("heroku", "Faktory", "faktory", true, new IntegrationSettings(new Dictionary<string, string> { ["hobby"] = "free" })))
        .Answers<IntegrationCredentials>(201)
        .Refuses(Integrating.DialectUnknown, Integrating.KeyTaken, Integrating.TooMany, Integrating.AddressInvalid, Integrating.OnlySandbox, ResellerProblems.Suspended);

    static async Task<Answer<IntegrationCredentials>> HandleAsync(AddIntegrationRequest request, Caller caller, ResellerCaller by, Integrating integrating, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (Parse(request.Dialect) is not { } dialect)
            return Integrating.DialectUnknown;
        if (by.Integration.IsSandbox && !request.IsSandbox)
            return Integrating.OnlySandbox;
        if (by.Reseller.Status == ResellerStatus.Suspended)
            return ResellerProblems.Suspended;
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{dialect} {request.Key}"}, 14))", cancel);
        var reseller = by.Reseller.Id;
        if (await db.ResellerIntegrations.CountAsync(i => i.ResellerId == reseller && i.DisabledAt == null && i.Dialect != Dialect.Native, cancel) >= Integrating.IntegrationsMax)
            return Integrating.TooMany;
        var isTaken = await db.InFleetAsync(() => db.ResellerIntegrations.AnyAsync(i => i.Dialect == dialect && i.Key == request.Key, cancel), cancel);
        if (isTaken)
            return Integrating.KeyTaken;
        var integration = new ResellerIntegration
        {
            Id = IntegrationId.New(clock),
            ResellerId = reseller,
            OrganizationId = by.Reseller.OrganizationId,
            Dialect = dialect,
            Name = request.Name.Trim(),
            Key = request.Key,
            IsSandbox = request.IsSandbox,
            CreatedAt = clock.GetUtcNow(),
        };
        if (!integrating.TryApply(integration, request.Settings))
            return Integrating.AddressInvalid;
        var credentials = integrating.Renew(integration, request.Secrets);
        db.ResellerIntegrations.Add(integration);
        db.Write(caller.Organization, caller.Actor, "integration.created", integration.Id.ToString(), $"{request.Dialect} {integration.Key}", clock);
        return Answer.Created(credentials, $"/v1/reseller/integrations/{integration.Id}");
    }

    static Dialect? Parse(string text) => Enum.GetValues<Dialect>().Where(d => d != Dialect.Native && d.ToText() == text).Select(d => (Dialect?)d).FirstOrDefault();
}
