using ControlPlane.Api.Resellers;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>What the broker's calls have in common: operations as the platform follows them, and who on the platform asked. One per request.</summary>
sealed class BrokerWork(ControlPlaneDb db, IOptions<ApiOptions> options, TimeProvider clock)
{
    internal string DashboardOf(ManagedResource resource) => new Uri(options.Value.PortalAddress, $"instances/{resource.InstanceId}").AbsoluteUri;

    /// <summary>Of this resource alone. Outside of a transaction.</summary>
    internal async Task<Operation?> ReadAsync(ResellerCaller by, ManagedResource resource, OperationId id, CancellationToken cancel)
    {
        db.Scope.EnterOrganization(resource.OrganizationId);
        var subject = resource.InstanceId.ToString();
        var operation = await db.Operations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id && o.Subject == subject, cancel);
        db.Scope.EnterOrganization(by.Reseller.OrganizationId);
        return operation;
    }

    internal async Task<bool> IsBusyAsync(ResellerCaller by, ManagedResource resource, CancellationToken cancel) => await ReadAsync(by, resource, resource.OperationId, cancel) is { IsFinished: false };

    internal async Task<bool> HasSucceededAsync(ResellerCaller by, ManagedResource resource, string operation, CancellationToken cancel) =>
        OperationId.TryParse(operation, out var id) && await ReadAsync(by, resource, id, cancel) is { State: OperationState.Succeeded };

    /// <summary>The platform's word for who it was stands in the customer's audit log. In the command's transaction.</summary>
    internal async Task AuditAsync(HttpContext http, ResellerCaller by, ManagedResource resource, string action, CancellationToken cancel)
    {
        if (BrokerHeaders.Originator(http) is not { } originator)
            return;
        await db.EnterOrganizationAsync(resource.OrganizationId, cancel);
        db.Write(resource.OrganizationId, by.For(resource.OrganizationId, "", null).Actor, action, resource.InstanceId.ToString(), $"asked for by {originator}", clock);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
    }
}
