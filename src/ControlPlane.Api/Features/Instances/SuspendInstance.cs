using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances/{id}/suspend</summary>
static class SuspendInstance
{
    static readonly Problem AlreadySuspended = new("instance_already_suspended", 409, "This instance is suspended already.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/suspend", HandleAsync)
        .Describe("Instances", "suspend_instance", "Suspend an instance", "The server stops and its data stays. Workers cannot connect until it is resumed.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, AlreadySuspended);

    static async Task<Answer<OperationResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (instance.Desired == DesiredState.Suspended)
            return AlreadySuspended;
        instance.Suspend(SuspensionReason.Owner);
        return await db.FileAsync(instance, OperationKinds.InstanceSuspend, caller, "instance.suspended", null, clock, cancel);
    }
}
