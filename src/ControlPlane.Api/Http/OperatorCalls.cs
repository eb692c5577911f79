using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Http;

/// <summary>
/// Around every call of the operator: it sees the whole fleet, and it is written to the audit log like everybody's. A page that refreshes
/// itself writes one line in ten minutes.
/// </summary>
sealed class OperatorCalls : IEndpointFilter
{
    static readonly TimeSpan LooksTogether = TimeSpan.FromMinutes(10);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<Access>() is not { Kind: AccessKind.Operator } || http.RequestServices.GetRequiredService<CallerSlot>().Caller is not { } caller)
            return await next(context);
        var db = http.RequestServices.GetRequiredService<ControlPlaneDb>();
        db.Scope.EnterFleet();
        await WriteAsync(db, caller, $"operator.{http.GetEndpoint()!.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName}", http.RequestServices.GetRequiredService<TimeProvider>(), http.RequestAborted);
        return await next(context);
    }

    static async Task WriteAsync(ControlPlaneDb db, Caller caller, string action, TimeProvider clock, CancellationToken cancel)
    {
        var (actor, since) = (caller.OperatorActor, clock.GetUtcNow() - LooksTogether);
        if (await db.AuditEntries.AnyAsync(e => e.OrganizationId == null && e.ActorId == actor.Id && e.Action == action && e.At > since, cancel))
            return;
        db.Write(null, actor, action, "fleet", null, clock);
        await db.SaveChangesAsync(cancel);
    }
}
