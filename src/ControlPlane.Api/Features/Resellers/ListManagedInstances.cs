using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/instances</summary>
static class ListManagedInstances
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/instances", HandleAsync)
        .Describe("Resellers", "list_managed_instances", "List the instances that you asked for", "Through whichever integration; newest first. Narrowed with ?customer=org_….")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<Page<ManagedInstanceResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, ResellerProblems.CustomerNotFound);

    static async Task<Answer<Page<ManagedInstanceResource>>> HandleAsync([AsParameters] PageRequest page, string? customer, ResellerCaller by, ManagedOrganizations customers, ControlPlaneDb db, CancellationToken cancel)
    {
        var resources = db.Managed(by);
        if (customer is not null)
        {
            if (await customers.FindAsync(by, customer, cancel) is not { OrganizationId: var organization })
                return ResellerProblems.CustomerNotFound;
            resources = resources.Where(r => r.OrganizationId == organization);
        }
        var (items, next) = await resources.ReadPageAsync(r => r.Id, page, cancel);
        return new Page<ManagedInstanceResource>(await db.ToResourcesAsync(by, items, cancel), next);
    }
}
