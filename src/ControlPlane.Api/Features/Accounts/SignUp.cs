using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;

namespace ControlPlane.Api.Features.Accounts;

/// <summary>POST /v1/signup</summary>
static class SignUp
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/signup", HandleAsync)
        .Describe("Accounts", "sign_up", "Sign up", "Creates the account, its organization and a token, which is shown in this answer and never again. Under a host of a reseller's brand the organization is its customer, which it can end at any time.")
        .AllowEverybody()
        .WithMetadata(new SensitiveCall())
        .Example(new SignUpRequest("ada@example.com", "a few plain words", "Acme"))
        .Answers<SignUpResponse>(201)
        .Refuses(NewAccount.Refusals);

    static async Task<Answer<SignUpResponse>> HandleAsync(SignUpRequest request, NewAccount accounts, ManagedOrganizations managed, HttpContext context, CancellationToken cancel)
    {
        var (user, refusal) = await accounts.AddUserAsync(request.Email, request.Password, isOperator: false);
        if (user is null)
            return refusal!;
        var organization = await accounts.AddOrganizationAsync(user, request.Organization.Trim(), context.Connection.RemoteIpAddress?.ToString(), cancel);
        var secret = accounts.AddFirstToken(user, organization);
        if (request.Host is { } host)
            await managed.AdoptAsync(host, organization, user.Email!, cancel);
        return Answer.Created(
            new SignUpResponse(NewAccount.ToResource(user), new OrganizationResource(organization.Id.ToString(), organization.Name, organization.CreatedAt), secret), "/v1/me");
    }
}
