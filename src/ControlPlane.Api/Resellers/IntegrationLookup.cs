using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers;

/// <summary>Finds the integration that a dialect's caller names, and opens its secrets. One per request.</summary>
sealed class IntegrationLookup(ControlPlaneDb db, SecretSealer sealer)
{
    /// <summary>Who is found has been entered: the database shows what belongs to that reseller and its own organization, and nothing else. Before a transaction.</summary>
    /// <param name="key">What the caller named itself by.</param>
    /// <returns>Null also where the integration is disabled.</returns>
    internal async Task<ResellerCaller?> EnterAsync(Dialect dialect, string key, string? ipAddress, CancellationToken cancel)
    {
        // Before anybody is known, only the fleet's scope sees an integration; it is left at once.
        db.Scope.EnterFleet();
        var found = await (
            from integration in db.ResellerIntegrations.AsNoTracking()
            join reseller in db.Resellers.AsNoTracking() on integration.ResellerId equals reseller.Id
            where integration.Dialect == dialect && integration.Key == key && integration.DisabledAt == null
            select new { integration, reseller }).SingleOrDefaultAsync(cancel);
        db.Scope.Leave();
        if (found is null)
            return null;
        db.Scope.EnterOrganization(found.reseller.OrganizationId);
        db.Scope.EnterReseller(found.reseller.Id);
        return new ResellerCaller(found.reseller, found.integration, ipAddress);
    }

    /// <summary>In constant time; an integration without a password lets nobody in by one.</summary>
    internal static bool IsPassword(ResellerIntegration integration, string password) =>
        integration.SecretHash is { } hash && CryptographicOperations.FixedTimeEquals(hash, HashPassword(password));

    internal static byte[] HashPassword(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));

    internal IReadOnlyDictionary<string, string> OpenSecrets(ResellerIntegration integration) => sealer.OpenSecrets(integration);

    internal void SealSecrets(ResellerIntegration integration, IReadOnlyDictionary<string, string> secrets) => sealer.SealSecrets(integration, secrets);
}
