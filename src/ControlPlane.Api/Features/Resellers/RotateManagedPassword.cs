using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/instances/{id}/rotate</summary>
static class RotateManagedPassword
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/instances/{id}/rotate", HandleAsync)
        .Describe("Resellers", "rotate_managed_password", "Give an instance a new password", "Old and new both work until the overlap ends. Send an `Idempotency-Key`, or each repetition makes another one.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Example(new RotatePasswordRequest(60))
        .Answers<ManagedInstanceResource>(202, 200)
        .Refuses(ResellerProblems.OfCommands);

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(string id, RotatePasswordRequest? request, ResellerCaller by, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: true, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        var overlap = request?.OverlapMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : RotateResource.OverlapDefault;
        var result = await commands.RotateAsync(through, new ResourceRequest(resource.ExternalId), overlap, cancel);
        // Asked for here and not by the platform itself, which may keep the password for its customer's programs.
        if (result is { IsAccepted: true, Operation: { } operation })
            await db.InFleetAsync(() => db.TellPlatformAsync(resource.InstanceId, operation, clock, cancel), cancel);
        return await db.ToAnswerAsync(by, result, cancel);
    }
}
