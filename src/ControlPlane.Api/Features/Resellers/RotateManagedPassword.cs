using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

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

    static async Task<Answer<ManagedInstanceResource>> HandleAsync(string id, RotatePasswordRequest? request, ResellerCaller by, ResellerCommands commands, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: true, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        var overlap = request?.OverlapMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : RotateResource.OverlapDefault;
        return await db.ToAnswerAsync(by, await commands.RotateAsync(through, new ResourceRequest(resource.ExternalId), overlap, cancel), cancel);
    }
}
