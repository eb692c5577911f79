using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Dialects;

enum EndState
{
    UnderWay,
    Succeeded,
    Failed,
}

/// <summary>How far what a command set in motion has come. Outside of a transaction: waiting holds no connection. One per request.</summary>
sealed class CommandEnd(ControlPlaneDb db, OperationWait wait)
{
    internal Task<EndState> ReadAsync(ResellerCaller by, ManagedResource resource, OperationId operation, CancellationToken cancel) => AwaitAsync(by, resource, operation, TimeSpan.Zero, cancel);

    internal async Task<EndState> AwaitAsync(ResellerCaller by, ManagedResource resource, OperationId operation, TimeSpan atMost, CancellationToken cancel)
    {
        db.Scope.EnterOrganization(resource.OrganizationId);
        if (atMost > TimeSpan.Zero)
            await wait.FinishesWithinAsync(operation, atMost, cancel);
        var found = await db.Operations.Where(o => o.Id == operation).Select(o => new { o.State }).SingleOrDefaultAsync(cancel);
        db.Scope.EnterOrganization(by.Reseller.OrganizationId);
        return found?.State switch
        {
            OperationState.Pending or OperationState.Running => EndState.UnderWay,
            OperationState.Failed => EndState.Failed,
            _ => EndState.Succeeded,
        };
    }

    internal async Task<InstanceState?> ReadInstanceAsync(ResellerCaller by, ManagedResource resource, CancellationToken cancel)
    {
        db.Scope.EnterOrganization(resource.OrganizationId);
        var id = resource.InstanceId;
        var found = await db.Instances.Where(i => i.Id == id).Select(i => new { i.State }).SingleOrDefaultAsync(cancel);
        db.Scope.EnterOrganization(by.Reseller.OrganizationId);
        return found?.State;
    }
}
