using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers;

/// <summary>Holds the reseller that this request speaks for, once it is known. One per request.</summary>
sealed class ResellerSlot
{
    internal ResellerCaller? Caller { get; set; }
}

/// <summary>Around every call of a reseller's: finds the reseller whose staff calls, and enters what belongs to it. A key of the sandbox enters the sandbox.</summary>
sealed class ResellerCalls : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<Access>() is not { Kind: AccessKind.Reseller } || http.RequestServices.GetRequiredService<CallerSlot>().Caller is not { } caller)
            return await next(context);
        var db = http.RequestServices.GetRequiredService<ControlPlaneDb>();
        var staff = caller.Organization;
        if (await db.Resellers.AsNoTracking().SingleOrDefaultAsync(r => r.OrganizationId == staff, http.RequestAborted) is not { } reseller)
            return (Answer<object>)Problems.NotAReseller;
        db.Scope.EnterReseller(reseller.Id);
        var (id, isSandbox) = (reseller.Id, caller.Scopes?.Contains(TokenScopes.ResellerSandbox) == true);
        var integration = await db.ResellerIntegrations.AsNoTracking().SingleAsync(i => i.ResellerId == id && i.Dialect == Dialect.Native && i.IsSandbox == isSandbox, http.RequestAborted);
        http.RequestServices.GetRequiredService<ResellerSlot>().Caller = new ResellerCaller(reseller, integration, caller.IpAddress);
        return await next(context);
    }
}
