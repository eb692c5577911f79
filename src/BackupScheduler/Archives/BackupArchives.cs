using System.Security.Cryptography;
using BackupScheduler.Stores;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Ids;
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
        return sealer.Seal(backup.OrganizationId, SecretPurposes.BackupKey, Owner(KeysOf(backup)), key);
    }

    /// <exception cref="BackupDamagedException">The key does not open: it is another backup's, was changed, or the key ring has lost its own.</exception>
    internal BackupArchive Open(Backup backup) =>
        Open(KeysOf(backup), backup.OrganizationId, backup.SealedKey ?? throw new BackupDamagedException($"Backup {backup.Id} has no key any more."));

    /// <summary>Opens a backup that the database may not know, with the sealed key that its manifest carries.</summary>
    /// <exception cref="BackupDamagedException">It is not there, not whole, or its key does not open.</exception>
    internal async Task<(BackupArchive Archive, BackupManifest Manifest)> OpenFromStoreAsync(BackupKeys keys, CancellationToken cancel)
    {
        if (!OrganizationId.TryParse(keys.OrganizationId, out var organization))
            throw new BackupDamagedException($"'{keys.Prefix}' does not begin with an organization.");
        var claimed = await BackupArchive.ReadManifestAsync(store, keys, null, cancel);
        var archive = Open(keys, organization, claimed.Manifest.DataKey);
        return (archive, await archive.GetManifestAsync(null, cancel));
    }

    BackupArchive Open(BackupKeys keys, OrganizationId organization, string sealedKey)
    {
        try
        {
            return new BackupArchive(store, keys, Convert.FromBase64String(sealer.Open(organization, SecretPurposes.BackupKey, Owner(keys), sealedKey)));
        }
        catch (CryptographicException closed)
        {
            throw new BackupDamagedException($"The key of backup {keys.BackupId} does not open: it was changed, or the key ring has lost the key that sealed it.", closed);
        }
    }

    static string Owner(BackupKeys keys) => $"{keys.InstanceId}/{keys.BackupId}";
}
