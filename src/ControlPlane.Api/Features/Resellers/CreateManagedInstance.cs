using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/instances</summary>
static class CreateManagedInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/instances", HandleAsync)
        .Describe("Resellers", "create_managed_instance", "Create an instance for a customer",
            "Under an id of yours: the same request with it again gives the same instance and operation, whether or not it carries an `Idempotency-Key`. With `Prefer: wait=10` the answer is held until it runs.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Example(new CreateManagedInstanceRequest("acme-orders", "org_01jc3f00000000000000000000", "free", "orders"))
        .Answers<ManagedInstanceResource>(202, 200)
        .Refuses([ResellerProblems.CustomerNotFound, .. ResellerProblems.OfCommands, .. ResellerProblems.OfGrowth]);

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(
        CreateManagedInstanceRequest request, ResellerCaller by, ManagedOrganizations customers, ResellerCommands commands, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await customers.FindAsync(by, request.Customer, cancel) is not { } customer)
            return ResellerProblems.CustomerNotFound;
        string[] tenant = [ControlPlaneDb.TenantFilter];
        var name = await db.Organizations.IgnoreQueryFilters(tenant).Where(o => o.Id == customer.OrganizationId).Select(o => o.Name).SingleAsync(cancel);
        var wanted = new ProvisionRequest(request.Id, new CustomerSought(customer.ExternalId, name, customer.OwnerEmail), request.Plan, request.Name, request.Region);
        return await db.ToAnswerAsync(by, await commands.ProvisionAsync(by, wanted, cancel), cancel);
    }
}
