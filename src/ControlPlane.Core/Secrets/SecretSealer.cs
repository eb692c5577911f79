using ControlPlane.Core.Ids;
using Microsoft.AspNetCore.DataProtection;

namespace ControlPlane.Core.Secrets;

/// <summary>What a sealed text is for; a text sealed for one purpose does not open for another.</summary>
public static class SecretPurposes
{
    public const string InstancePassword = "instance-password";
    public const string InstanceAdminToken = "instance-admin-token";
    public const string BackupKey = "backup-key";
    public const string IntegrationSecrets = "integration-secrets";
    public const string PlatformSecrets = "platform-secrets";
    public const string WebhookSecret = "webhook-secret";
    public const string IdempotentAnswer = "idempotent-answer";
}

/// <summary>
/// Seals secrets for the database with the service's key ring (ASP.NET Core Data Protection: AES-256 with authentication).
/// Organization, purpose and owner are bound in: a sealed text that was moved to another row does not open. Safe for any number of callers.
/// </summary>
public sealed class SecretSealer(IDataProtectionProvider keys)
{
    /// <param name="owner">The id of what the secret belongs to, for example the instance's.</param>
    public string Seal(OrganizationId organization, string purpose, string owner, string secret) => Protector(organization, purpose, owner).Protect(secret);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed for something else, was changed, or its key is gone.</exception>
    public string Open(OrganizationId organization, string purpose, string owner, string sealedSecret) => Protector(organization, purpose, owner).Unprotect(sealedSecret);

    IDataProtector Protector(OrganizationId organization, string purpose, string owner) => keys.CreateProtector("secret", organization.ToString(), purpose, owner);
}
