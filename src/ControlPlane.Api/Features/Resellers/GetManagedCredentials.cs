using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/instances/{id}/credentials</summary>
static class GetManagedCredentials
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/instances/{id}/credentials", HandleAsync)
        .Describe("Resellers", "get_managed_credentials", "Get the address and password of an instance", "To hand on to your customer's workers. Each look stands in the customer's audit log.")
        .AllowReseller(Role.Developer, TokenScopes.Credentials)
        .Answers<CredentialsResponse>(200)
        .Refuses(ResellerProblems.ResourceNotFound, ResellerProblems.NotReady);

    static async Task<Answer<CredentialsResponse>> HandleAsync(string id, ResellerCaller by, ReadResourceCredentials credentials, ControlPlaneDb db, CancellationToken cancel)
    {
        if (await db.FindManagedAsync(by, id, withEnded: false, cancel) is not var (resource, through))
            return ResellerProblems.ResourceNotFound;
        return await credentials.RunAsync(through, resource, cancel) is { } found
            ? new CredentialsResponse(found.FaktoryUrl, found.Host, found.Port, found.Tls, found.Password, found.Ca)
            : ResellerProblems.NotReady;
    }
}
