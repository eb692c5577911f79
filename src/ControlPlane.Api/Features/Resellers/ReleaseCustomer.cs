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

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/customers/{id}/release</summary>
static class ReleaseCustomer
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/customers/{id}/release", HandleAsync)
        .Describe("Resellers", "release_customer", "Let a customer go", "Done at once where its owner has asked for it: it pays itself from now on, and you see nothing of it any more. Otherwise its owner is asked to agree.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Answers<TakeOverResponse>(200)
        .Refuses([ResellerProblems.CustomerNotFound, TakeOver.InSandbox, .. PlanPurchase.Refusals]);

    static async Task<Answer<TakeOverResponse>> HandleAsync(string id, ResellerCaller by, ManagedOrganizations customers, TakeOver takeOver, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await customers.FindAsync(by, id, cancel) is not { } customer)
            return ResellerProblems.CustomerNotFound;
        var mine = by.For(customer.OrganizationId, "", customer.OwnerEmail);
        return await db.InFleetAsync(async () =>
        {
            if (customer.TakeOverAskedBy != TakeOverSide.Owner)
            {
                (customer.TakeOverAskedBy, customer.TakeOverAskedAt) = (TakeOverSide.Reseller, clock.GetUtcNow());
                db.Write(customer.OrganizationId, mine.Actor, "organization.release_offered", customer.OrganizationId.ToString(), null, clock);
                return (Answer<TakeOverResponse>)new TakeOverResponse("asked");
            }
            // The bills that follow are the owner's, although the reseller's consent is what makes them.
            var person = mine.Person with { Email = customer.OwnerEmail ?? "" };
            var owner = mine with { Person = person, Behalf = mine.Behalf! with { Payer = null } };
            return await takeOver.RunAsync(by.Reseller, await db.ResellerCustomers.SingleAsync(c => c.ResellerId == by.Reseller.Id && c.OrganizationId == customer.OrganizationId, cancel), owner, cancel) is { } refusal
                ? refusal
                : new TakeOverResponse("done");
        }, cancel);
    }
}
