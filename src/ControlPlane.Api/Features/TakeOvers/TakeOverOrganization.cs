using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.TakeOvers;

/// <summary>POST /v1/organization/take-over</summary>
static class TakeOverOrganization
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/organization/take-over", HandleAsync)
        .Describe("Organizations", "take_over", "Take your organization over from its reseller",
            "With `direct_billing` at once: you pay for what runs from now on. Without it the reseller is asked to agree, unless it has asked you already. Afterwards the reseller sees nothing of yours any more.")
        .AllowMember(Role.Owner, TokenScopes.BillingWrite)
        .Example(new TakeOverRequest(true))
        .Answers<TakeOverResponse>(200)
        .Refuses([GetMyReseller.NoReseller, TakeOver.InSandbox, .. PlanPurchase.Refusals]);

    static Task<Answer<TakeOverResponse>> HandleAsync(TakeOverRequest request, Caller caller, TakeOver takeOver, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel) => db.InFleetAsync(async () =>
    {
        var organization = caller.Organization;
        await db.Database.ExecuteSqlAsync($"SELECT FROM reseller_customers WHERE organization_id = {organization.Value} AND ended_at IS NULL FOR UPDATE", cancel);
        if (await db.ResellerCustomers.SingleOrDefaultAsync(c => c.OrganizationId == organization && c.EndedAt == null, cancel) is not { } customer)
            return (Answer<TakeOverResponse>)GetMyReseller.NoReseller;
        if (!request.DirectBilling && customer.TakeOverAskedBy != TakeOverSide.Reseller)
        {
            (customer.TakeOverAskedBy, customer.TakeOverAskedAt) = (TakeOverSide.Owner, clock.GetUtcNow());
            db.Write(organization, caller.Actor, "organization.take_over_asked", organization.ToString(), null, clock);
            return new TakeOverResponse("asked");
        }
        var reseller = await db.Resellers.SingleAsync(r => r.Id == customer.ResellerId, cancel);
        return await takeOver.RunAsync(reseller, customer, caller, cancel) is { } refusal ? refusal : new TakeOverResponse("done");
    }, cancel);
}
