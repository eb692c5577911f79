using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>POST /v1/operator/resellers</summary>
static class CreateReseller
{
    static readonly Problem OrganizationUnknown = new("customer_not_found", 404, "There is no organization with this id.");
    static readonly Problem Exists = new("reseller_exists", 409, "This organization is a reseller already.");
    static readonly Problem IsManaged = new("organization_managed", 409, "A reseller manages this organization. It has to be taken over first.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/resellers", HandleAsync)
        .Describe("Operator", "create_reseller", "Make an organization a reseller", "Its members speak for it from then on, by its own API and, where that is set up, by other dialects. What it gets is said by contracts of its party.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new CreateResellerRequest("org_01jc3f00000000000000000000"))
        .Answers<OperatorResellerResource>(201)
        .Refuses(OrganizationUnknown, Exists, IsManaged, OperatorReselling.PartyTaken);

    static async Task<Answer<OperatorResellerResource>> HandleAsync(
        CreateResellerRequest request, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (!OrganizationId.TryParse(request.Organization, out var organization) || await db.Organizations.SingleOrDefaultAsync(o => o.Id == organization, cancel) is not { } staff)
            return OrganizationUnknown;
        await db.Database.ExecuteSqlAsync($"SELECT FROM organizations WHERE id = {organization.Value} FOR UPDATE", cancel);
        if (await db.Resellers.AnyAsync(r => r.OrganizationId == organization, cancel))
            return Exists;
        if (await db.ResellerCustomers.AnyAsync(c => c.OrganizationId == organization && c.EndedAt == null, cancel))
            return IsManaged;
        var party = request.Party ?? organization.ToString();
        if (await db.Resellers.AnyAsync(r => r.PartyId == party, cancel))
            return OperatorReselling.PartyTaken;

        var now = clock.GetUtcNow();
        var reseller = new Reseller
        {
            Id = ResellerId.New(clock),
            Name = request.Name?.Trim() ?? staff.Name,
            OrganizationId = organization,
            PartyId = party,
            Mode = LowercaseEnum<ResellerMode>.Parse(request.Mode),
            CreatedAt = now,
        };
        db.Resellers.Add(reseller);
        db.ResellerIntegrations.AddRange(Native(reseller, false, clock), Native(reseller, true, clock));
        if (!await db.Parties.AnyAsync(p => p.Kind == PartyKind.Reseller && p.Id == party, cancel))
            db.Parties.Add(new PartyProfile { Kind = PartyKind.Reseller, Id = party, Name = reseller.Name, CreatedAt = billing.GetUtcNow() });
        db.Write(null, caller.OperatorActor, "reseller.created", reseller.Id.ToString(), $"{reseller.Name}, {request.Mode}, party {reseller.Party}", clock);
        await db.SaveChangesAsync(cancel);
        return Answer.Created((await db.ToResourcesAsync([reseller], cancel))[0]);
    }

    static ResellerIntegration Native(Reseller reseller, bool isSandbox, TimeProvider clock) => new()
    {
        Id = IntegrationId.New(clock),
        ResellerId = reseller.Id,
        OrganizationId = reseller.OrganizationId,
        Dialect = Dialect.Native,
        Name = isSandbox ? "sandbox" : "api",
        Key = isSandbox ? $"{reseller.Id}/sandbox" : reseller.Id.ToString(),
        IsSandbox = isSandbox,
        CreatedAt = clock.GetUtcNow(),
    };
}
