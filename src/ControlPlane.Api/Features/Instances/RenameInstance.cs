using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>PATCH /v1/instances/{id}</summary>
static class RenameInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/instances/{id}", HandleAsync)
        .Describe("Instances", "update_instance", "Change an instance's name", "The address stays the same: workers notice nothing.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new UpdateInstanceRequest("orders-2"))
        .Answers<InstanceResource>(200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, InstanceAdmission.NameTaken);

    static async Task<Answer<InstanceResource>> HandleAsync(
        string id, UpdateInstanceRequest request, Caller caller, InstanceAdmission admission, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        await admission.LockOrganizationAsync(caller.Organization, cancel);
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (request.Name is { } name && name != instance.Name)
        {
            if (await admission.RefuseNameAsync(name, cancel) is { } taken)
                return taken;
            db.Write(caller.Organization, caller.Actor, "instance.renamed", instance.Id.ToString(), $"from {instance.Name} to {name}", clock);
            instance.Name = name;
        }
        return (await db.ToResourcesAsync([instance], clock.GetUtcNow(), cancel))[0];
    }
}
