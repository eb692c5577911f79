using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/instances/{id}/sign-on</summary>
static class CreateSignOn
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/instances/{id}/sign-on", HandleAsync)
        .Describe("Resellers", "create_sign_on", "Let somebody of your customer's into the portal",
            "Gives a link that works once, within two minutes. The person is a user of this integration alone: an e-mail address that you name never opens the account that somebody else has under it.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Example(new SignOnRequest("user-42", "ada@acme.example"))
        .Answers<SignOnResponse>(201)
        .Refuses(ResellerProblems.ResourceNotFound);

    static async Task<Answer<SignOnResponse>> HandleAsync(
        string id, SignOnRequest request, ResellerCaller by, Api.Resellers.Commands.SignOn signOn, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: false, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        var role = LowercaseEnum<Role>.Parse(request.Role ?? "admin");
        return await signOn.RunAsync(through, resource, new(request.UserId, request.Name, role), cancel) is { } link
            ? Answer.Created(new SignOnResponse(link.ToString(), clock.GetUtcNow() + SignOnTicket.LivesFor))
            : ResellerProblems.ResourceNotFound;
    }
}
