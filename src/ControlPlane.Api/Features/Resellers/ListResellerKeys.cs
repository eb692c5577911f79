using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/keys</summary>
static class ListResellerKeys
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/keys", HandleAsync)
        .Describe("Resellers", "list_reseller_keys", "List keys", "The tokens of your organization that may do something for your customers; those with the scope reseller:sandbox in the sandbox alone.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerRead)
        .Answers<Page<TokenResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<TokenResource>>> HandleAsync([AsParameters] PageRequest page, Caller caller, ControlPlaneDb db, CancellationToken cancel)
    {
        var staff = caller.Organization;
        return (await db.ApiTokens.AsNoTracking().Where(t => t.OrganizationId == staff && (t.Scopes.Contains(TokenScopes.ResellerRead) || t.Scopes.Contains(TokenScopes.ResellerWrite)))
            .ReadPageAsync(t => t.Id, page, cancel)).Select(TokenResources.ToResource);
    }
}
