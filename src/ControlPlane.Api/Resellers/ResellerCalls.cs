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

/// <summary>Finds the reseller whose staff calls, and enters what belongs to it. A key of the sandbox enters the sandbox. One per request; before its transaction.</summary>
sealed class ResellerCalls(ControlPlaneDb db, ResellerSlot slot)
{
    /// <returns>False when the caller's organization is no reseller.</returns>
    internal async Task<bool> TryEnterAsync(Caller caller, CancellationToken cancel)
    {
        var staff = caller.Organization;
        if (await db.Resellers.AsNoTracking().SingleOrDefaultAsync(r => r.OrganizationId == staff, cancel) is not { } reseller)
            return false;
        db.Scope.EnterReseller(reseller.Id);
        var (id, isSandbox) = (reseller.Id, caller.Scopes?.Contains(TokenScopes.ResellerSandbox) == true);
        var integration = await db.ResellerIntegrations.AsNoTracking().SingleAsync(i => i.ResellerId == id && i.Dialect == Dialect.Native && i.IsSandbox == isSandbox, cancel);
        slot.Caller = new ResellerCaller(reseller, integration, caller.IpAddress);
        return true;
    }
}
