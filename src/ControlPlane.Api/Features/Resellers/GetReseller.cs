using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller</summary>
static class GetReseller
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller", HandleAsync)
        .Describe("Resellers", "get_reseller", "Who am I as a reseller?", "How you are billed, whether you may start anything, and by which integrations you plug in.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<ResellerResource>(200);

    static async Task<Answer<ResellerResource>> HandleAsync(ResellerCaller by, ControlPlaneDb db, CancellationToken cancel)
    {
        var (reseller, isSandbox) = (by.Reseller, by.Integration.IsSandbox);
        var customers = await db.ResellerCustomers.CountAsync(c => c.ResellerId == reseller.Id && c.IsSandbox == isSandbox && c.EndedAt == null, cancel);
        var integrations = await db.ResellerIntegrations.AsNoTracking().Where(i => i.ResellerId == reseller.Id).OrderBy(i => i.Id).ToListAsync(cancel);
        return new ResellerResource(
            reseller.Id.ToString(), reseller.Name, reseller.Party.ToString(), reseller.Mode.ToText(), reseller.Status.ToText(), reseller.SuspendedReason, isSandbox, customers, await db.Managed(by).CountAsync(cancel),
            [.. integrations.Select(i => i.ToResource())], reseller.CreatedAt);
    }
}
