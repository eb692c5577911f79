using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/customers/{id}</summary>
static class GetManagedCustomer
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/customers/{id}", HandleAsync)
        .Describe("Resellers", "get_managed_customer", "Get a customer")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<ManagedCustomerResource>(200)
        .Refuses(ResellerProblems.CustomerNotFound);

    static async Task<Answer<ManagedCustomerResource>> HandleAsync(string id, ResellerCaller by, ManagedOrganizations customers, ControlPlaneDb db, CancellationToken cancel) =>
        await customers.FindAsync(by, id, cancel) is { } customer ? (await db.ToResourcesAsync(by, [customer], cancel))[0] : ResellerProblems.CustomerNotFound;
}
