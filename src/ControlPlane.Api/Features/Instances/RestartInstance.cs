using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances/{id}/restart</summary>
static class RestartInstance
{
    internal static readonly Problem Suspended = new("instance_suspended", 409, "This instance is suspended. Resume it instead.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/restart", HandleAsync)
        .Describe("Instances", "restart_instance", "Restart an instance", "Jobs are kept; workers connect again by themselves.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, Suspended);

    static async Task<Answer<OperationResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (instance.Desired == DesiredState.Suspended)
            return Suspended;
        return await db.FileAsync(instance, OperationKinds.InstanceRestart, caller, "instance.restarted", null, clock, cancel);
    }
}
