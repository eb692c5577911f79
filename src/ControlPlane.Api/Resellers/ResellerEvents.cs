using ControlPlane.Core.Data;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Resellers;

/// <summary>Tells a reseller what happened: at once, or when an operation has ended. In the transaction of what happened.</summary>
sealed class ResellerEvents(ControlPlaneDb db, TimeProvider clock)
{
    /// <param name="data">What the event says; its names become the body's.</param>
    internal Task<int> RaiseAsync(Reseller reseller, string type, object data, CancellationToken cancel) =>
        db.InFleetAsync(() => db.AddDeliveriesAsync(reseller.Id, type, data, clock, cancel), cancel);

    /// <summary>Runs after the operation, since both have the same subject. It belongs to the reseller's organization: the customer's list of operations does not show it.</summary>
    internal void RaiseAfter(Reseller reseller, ManagedResource resource, string type) =>
        db.File(OperationKinds.ResellerNotify, reseller.OrganizationId, resource.InstanceId.ToString(), new NotifyData(resource.Id.ToString(), resource.OperationId.ToString(), type), clock);
}
