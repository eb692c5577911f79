using System.Globalization;
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
    /// <returns>Null while it has no address.</returns>
    internal async Task<ResourceCredentials?> RunAsync(ResellerCaller by, ManagedResource resource, CancellationToken cancel)
    {
        if (resource.ResellerId != by.Reseller.Id || !resource.IsLiving)
            return null;
        var (id, organization) = (resource.InstanceId, resource.OrganizationId);
        await db.EnterOrganizationAsync(organization, cancel);
        var instance = await db.Instances.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancel);
        if (instance is not { Host: { } host, Port: { } port, Desired: not DesiredState.Deleted })
            return null;
        db.Write(organization, by.For(organization, "", null).Actor, "instance.credentials_viewed", id.ToString(), null, clock);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        var password = sealer.Open(organization, SecretPurposes.InstancePassword, id.ToString(), instance.SealedPassword);
        var ca = instance.Tls && options.Value.CertificateAuthorityFile is { } file ? await File.ReadAllTextAsync(file, cancel) : null;
        return new ResourceCredentials(ToUrl(host, port, instance.Tls, password), host, port, instance.Tls, password, ca);
    }

    static string ToUrl(string host, int port, bool tls, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"{(tls ? "tcp+tls" : "tcp")}://:{Uri.EscapeDataString(password)}@{(host.Contains(':') ? $"[{host}]" : host)}:{port}");
}
