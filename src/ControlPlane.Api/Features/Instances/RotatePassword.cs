using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances/{id}/rotate-password</summary>
static class RotatePassword
{
    const int OverlapMinutesDefault = 60;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/rotate-password", HandleAsync)
        .Describe("Instances", "rotate_password", "Give an instance a new password",
            "Old and new both work until the overlap ends, so that workers can be changed one by one. Where the instance came by a platform that hands the address to your programs, that one is told. Rotating again within an overlap ends the oldest password at once.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new RotatePasswordRequest(60))
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted);

    static async Task<Answer<OperationResource>> HandleAsync(
        string id, RotatePasswordRequest? request, Caller caller, InstanceAdmission admission, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        var overlapMinutes = request?.OverlapMinutes ?? OverlapMinutesDefault;
        instance.SealedPreviousPassword = overlapMinutes == 0 ? null : instance.SealedPassword;
        instance.PreviousPasswordExpiresAt = overlapMinutes == 0 ? null : clock.GetUtcNow().AddMinutes(overlapMinutes);
        instance.SealedPassword = admission.SealNewPassword(caller.Organization, instance.Id);
        var operation = await db.BringAboutAsync(
            instance, OperationKinds.InstanceRotatePassword, caller, "instance.password_rotated",
            string.Create(CultureInfo.InvariantCulture, $"the old one works for {overlapMinutes} more minutes"), clock, cancel);
        // The platform that it came by hands the password to the customer's programs.
        await db.InFleetAsync(() => db.TellPlatformAsync(instance.Id, operation.Id, clock, cancel), cancel);
        return Answer.Accepted(operation.ToResource(), operation.Id, async waited => await db.ReadOperationAsync(operation.Id, waited));
    }
}
