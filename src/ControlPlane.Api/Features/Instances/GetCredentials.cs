using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Secrets;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Instances;

/// <summary>GET /v1/instances/{id}/credentials</summary>
static class GetCredentials
{
    static readonly Problem NotReady = new("instance_not_ready", 409, "This instance has no address yet. Wait until it is running.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/instances/{id}/credentials", HandleAsync)
        .Describe("Instances", "get_credentials", "Get the address and password of an instance", "`faktory_url` is what workers take as FAKTORY_URL. Each look is written to the audit log.")
        .AllowMember(Role.Developer, TokenScopes.Credentials)
        .Answers<CredentialsResponse>(200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, NotReady);

    static async Task<Answer<CredentialsResponse>> HandleAsync(
        string id, Caller caller, SecretSealer sealer, IOptions<InstanceOptions> options, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindInstanceAsync(id, clock, cancel) is not { } instance)
            return InstanceLookup.NotFound;
        if (instance.IsDeletedOrGoing)
            return InstanceLookup.Deleted;
        if (instance is not { Host: { } host, Port: { } port })
            return NotReady;

        var password = sealer.Open(instance.OrganizationId, SecretPurposes.InstancePassword, instance.Id.ToString(), instance.SealedPassword);
        db.Write(caller.Organization, caller.Actor, "instance.credentials_viewed", instance.Id.ToString(), null, clock);
        await db.SaveChangesAsync(cancel);
        var ca = instance.Tls && options.Value.CertificateAuthorityFile is { } file ? await File.ReadAllTextAsync(file, cancel) : null;
        return new CredentialsResponse(InstanceUrl.Of(host, port, instance.Tls, password), host, port, instance.Tls, password, ca);
    }
}
