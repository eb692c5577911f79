using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Resellers.Commands;

sealed record ResourceCredentials(string FaktoryUrl, string Host, int Port, bool Tls, string Password, string? Ca);

/// <summary>What the customer's workers need, for the platform to hand on. Each look stands in the customer's audit log.</summary>
sealed class ReadResourceCredentials(ControlPlaneDb db, SecretSealer sealer, IOptions<InstanceOptions> options, TimeProvider clock)
{
    /// <param name="holder">Whose password it is to be; the owner's when null.</param>
    /// <returns>Null while it has no address, and where the holder has no password.</returns>
    internal async Task<ResourceCredentials?> RunAsync(ResellerCaller by, ManagedResource resource, CancellationToken cancel, string? holder = null)
    {
        if (resource.ResellerId != by.Reseller.Id || !resource.IsLiving)
            return null;
        var (id, organization) = (resource.InstanceId, resource.OrganizationId);
        await db.EnterOrganizationAsync(organization, cancel);
        var instance = await db.Instances.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancel);
        if (instance is not { Host: { } host, Port: { } port, Desired: not DesiredState.Deleted })
            return null;
        var password = holder is null
            ? sealer.Open(organization, SecretPurposes.InstancePassword, id.ToString(), instance.SealedPassword)
            : sealer.OpenKeys(instance).GetValueOrDefault(holder);
        if (password is null)
            return null;
        db.Write(organization, by.For(organization, "", null).Actor, "instance.credentials_viewed", id.ToString(), null, clock);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        var ca = instance.Tls && options.Value.CertificateAuthorityFile is { } file ? await File.ReadAllTextAsync(file, cancel) : null;
        return new ResourceCredentials(InstanceUrl.Of(host, port, instance.Tls, password), host, port, instance.Tls, password, ca);
    }
}
