using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.TakeOvers;

/// <summary>GET /v1/organization/reseller</summary>
static class GetMyReseller
{
    internal static readonly Problem NoReseller = new("no_reseller", 404, "Nobody manages your organization but you.");

    static readonly string[] mayAlways =
    [
        "start instances for you, change their plan, stop, resume and delete those that it started",
        "give the instances that it started a new password, and read the one they have, to hand it to your workers",
        "see how much they are used, and whether they are healthy",
        "let people of its platform into your organization, as anything but an owner",
    ];

    static readonly string[] mayNot = ["see or change instances that you started yourself", "see your jobs, your members, your invoices or your tokens", "become an owner of your organization, or keep you from taking it over"];

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/organization/reseller", HandleAsync)
        .Describe("Organizations", "get_my_reseller", "Through whom did we come?", "The reseller that manages your organization, what it may do, and how you can take the organization over.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<MyResellerResource>(200)
        .Refuses(NoReseller);

    static async Task<Answer<MyResellerResource>> HandleAsync(Caller caller, ControlPlaneDb db, IOptions<TakeOverOffer> offer, CancellationToken cancel)
    {
        var organization = caller.Organization;
        if (await db.ResellerCustomers.AsNoTracking().SingleOrDefaultAsync(c => c.OrganizationId == organization && c.EndedAt == null, cancel) is not { } customer)
            return NoReseller;
        var reseller = await db.ReadInFleetAsync(() => db.Resellers.AsNoTracking().SingleAsync(r => r.Id == customer.ResellerId, cancel));
        var label = await db.ReadInFleetAsync(() => db.WhiteLabels.AsNoTracking().SingleOrDefaultAsync(l => l.ResellerId == reseller.Id, cancel));
        var instances = await db.ManagedResources.CountAsync(r => r.OrganizationId == organization && r.ResellerId == reseller.Id && r.EndedAt == null, cancel);
        var warned = reseller.CustomersWarnedAt;
        return new MyResellerResource(
            reseller.Name, reseller.Mode.ToText(), reseller.Status.ToText(), label?.ToBrand() ?? new BrandResource(reseller.Name, null, null, null), mayAlways, mayNot, instances,
            customer.TakeOverAskedBy?.ToText(), warned, reseller.Mode == ResellerMode.Wholesale ? warned + offer.Value.StopsAfter : null);
    }
}
