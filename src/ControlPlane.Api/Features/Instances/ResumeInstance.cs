using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances/{id}/resume</summary>
static class ResumeInstance
{
    static readonly Problem NotSuspended = new("instance_not_suspended", 409, "This instance is not suspended.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/resume", HandleAsync)
        .Describe("Instances", "resume_instance", "Resume a suspended instance", "It comes back at the same address with all its jobs.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, NotSuspended, PlanPurchase.PaymentOverdue, InstanceLookup.SuspendedByReseller);

    static async Task<Answer<OperationResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (instance.Desired != DesiredState.Suspended)
            return NotSuspended;
        if (instance.IsSuspendedForDebt)
            return PlanPurchase.PaymentOverdue;
        if (!instance.Release(SuspensionReason.Owner))
            return InstanceLookup.SuspendedByReseller;
        return await db.FileAsync(instance, OperationKinds.InstanceResume, caller, "instance.resumed", null, clock, cancel);
    }
}
