using System.Security.Cryptography;
using BackupScheduler.Stores;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Secrets;

namespace BackupScheduler.Archives;

/// <summary>
/// Opens the archive of a backup with its own data key, which is stored only sealed by the service's key ring and opens only for the
/// organization, instance and backup it was made for. Safe for any number of callers.
/// </summary>
sealed class BackupArchives(IObjectStore store, SecretSealer sealer)
{
    internal IObjectStore Store => store;

    internal static BackupKeys KeysOf(Backup backup) => new(backup.OrganizationId.ToString(), backup.InstanceId.ToString(), backup.Id.ToString());

    /// <summary>A new data key, sealed.</summary>
    internal string CreateKey(Backup backup)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(ChunkCipher.KeyBytes));
        return sealer.Seal(backup.OrganizationId, SecretPurposes.BackupKey, Owner(backup), key);
    }

    /// <exception cref="BackupDamagedException">The key does not open: it is another backup's, was changed, or the key ring has lost its own.</exception>
    internal BackupArchive Open(Backup backup)
    {
        var sealedKey = backup.SealedKey ?? throw new BackupDamagedException($"Backup {backup.Id} has no key any more.");
        try
        {
            var key = Convert.FromBase64String(sealer.Open(backup.OrganizationId, SecretPurposes.BackupKey, Owner(backup), sealedKey));
            return new BackupArchive(store, KeysOf(backup), key);
        }
        catch (CryptographicException closed)
        {
            throw new BackupDamagedException($"The key of backup {backup.Id} does not open: it was changed, or the key ring has lost the key that sealed it.", closed);
        }
    }

    static string Owner(Backup backup) => $"{backup.InstanceId}/{backup.Id}";
}
