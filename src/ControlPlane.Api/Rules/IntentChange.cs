using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace ControlPlane.Api.Rules;

/// <summary>
/// What each change of an instance's intent does besides the change itself: it counts the generation, files the operation that brings it
/// about, writes the audit log, and makes the operations that are under way look again.
/// </summary>
static class IntentChange
{
    internal static async Task<Answer<OperationResource>> FileAsync(
        this ControlPlaneDb db, Instance instance, OperationKind kind, Caller caller, string action, string? detail, TimeProvider clock, CancellationToken cancel)
    {
        var operation = await db.BringAboutAsync(instance, kind, caller, action, detail, clock, cancel);
        return Answer.Accepted(operation.ToResource(), operation.Id, async waited => await db.ReadOperationAsync(operation.Id, waited));
    }

    /// <summary>The operation, for those that have more to say of it.</summary>
    internal static async Task<Operation> BringAboutAsync(
        this ControlPlaneDb db, Instance instance, OperationKind kind, Caller caller, string action, string? detail, TimeProvider clock, CancellationToken cancel)
    {
        instance.Generation++;
        var subject = instance.Id.ToString();
        await db.WakeAsync(subject, clock, cancel);
        var operation = db.File(kind, instance.OrganizationId, subject, null, clock);
        db.Write(instance.OrganizationId, caller.Actor, action, subject, detail, clock);
        return operation;
    }
}
