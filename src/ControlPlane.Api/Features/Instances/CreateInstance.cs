using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances</summary>
static class CreateInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances", HandleAsync)
        .Describe("Instances", "create_instance", "Create an instance",
            "Answers at once with state provisioning; with `Prefer: wait=10` it answers 201 as soon as the instance runs.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new CreateInstanceRequest("orders", "free"))
        .Answers<InstanceResource>(202, 201)
        .Refuses([.. InstanceAdmission.Refusals, PlanPurchase.PreviewExpired]);

    static async Task<Answer<InstanceResource>> HandleAsync(
        CreateInstanceRequest request, Caller caller, InstanceAdmission admission, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await admission.AdmitAsync(caller, request.Name, request.Plan, request.Region, new PlanChoice(ChangeTime.Now, request.ProrationAt, request.ExpectedTotalMinor), cancel);
        if (instance is null)
            return refusal!;
        var operation = db.File(OperationKinds.InstanceProvision, caller.Organization, instance.Id.ToString(), null, clock);
        db.Write(caller.Organization, caller.Actor, "instance.created", instance.Id.ToString(), $"name {instance.Name}, plan {instance.PlanKey}", clock);

        return Answer.Accepted(instance.ToResource(operation, clock.GetUtcNow()), operation.Id, async waited =>
        {
            var now = await db.ReadInstanceAsync(instance.Id, clock.GetUtcNow(), waited);
            return now.State == "running" ? Answer.Created(now, $"/v1/instances/{now.Id}") : new Answer<InstanceResource> { Status = 202, Body = now };
        });
    }
}
