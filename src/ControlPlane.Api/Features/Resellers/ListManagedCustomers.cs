using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/customers</summary>
static class ListManagedCustomers
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/customers", HandleAsync)
        .Describe("Resellers", "list_managed_customers", "List your customers", "Newest first. Who has been taken over is not among them.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<Page<ManagedCustomerResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<ManagedCustomerResource>>> HandleAsync([AsParameters] PageRequest page, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel)
    {
        var (reseller, isSandbox) = (by.Reseller.Id, by.Integration.IsSandbox);
        var (items, next) = await db.ResellerCustomers.AsNoTracking().Where(c => c.ResellerId == reseller && c.IsSandbox == isSandbox && c.EndedAt == null).ReadPageAsync(c => c.OrganizationId, page, cancel);
        return new Page<ManagedCustomerResource>(await db.ToResourcesAsync(by, items, cancel), next);
    }
}
