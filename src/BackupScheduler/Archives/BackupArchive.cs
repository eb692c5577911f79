using System.Security.Cryptography;
using BackupScheduler.Instances;
using BackupScheduler.Stores;

namespace BackupScheduler.Archives;

/// <summary>
/// One backup in the store. Files go in encrypted and are compared with what the instance announced; they come out compared with what the
/// manifest says. Throws <see cref="ObjectStoreException"/> when the store does not answer, <see cref="BackupDamagedException"/> when it
/// answers with anything but what was stored.
/// </summary>
sealed class BackupArchive(IObjectStore store, BackupKeys keys, byte[] dataKey)
{
    /// <summary>Replaces what an earlier try left under the name.</summary>
    /// <exception cref="AnnouncementDiffersException">The stream was not what <paramref name="file"/> announces; nothing was stored.</exception>
    internal async Task PutFileAsync(CheckpointFile file, Stream plain, CancellationToken cancel)
    {
        var key = keys.File(file.Name);
        await using var compared = new HashingStream(plain, file.Bytes, file.Sha256, () => new AnnouncementDiffersException(file.Name));
        await using var encrypted = new EncryptingStream(compared, dataKey, key);
        await store.PutAsync(key, encrypted, cancel);
    }

    internal ManifestFile Describe(CheckpointFile file) => new(file.Name, file.Bytes, file.Sha256, keys.File(file.Name));

    /// <summary>The last write of a backup: from here on it is complete. Answers the SHA-256 of what was written.</summary>
    internal async Task<string> PutManifestAsync(BackupManifest manifest, CancellationToken cancel)
    {
        var document = ManifestDocument.Write(manifest, dataKey);
        await store.PutAsync(keys.Manifest, new MemoryStream(document), cancel);
        return Convert.ToHexStringLower(SHA256.HashData(document));
    }

    /// <param name="sha256">What <see cref="PutManifestAsync"/> answered; null where nobody remembers.</param>
    internal async Task<BackupManifest> GetManifestAsync(string? sha256, CancellationToken cancel)
    {
        var document = await ReadManifestAsync(store, keys, sha256, cancel);
        document.Authenticate(dataKey);
        return document.Manifest;
    }

    /// <summary>The manifest as somebody wrote it: believe it once it is authenticated.</summary>
    internal static async Task<ManifestDocument> ReadManifestAsync(IObjectStore store, BackupKeys keys, string? sha256, CancellationToken cancel)
    {
        await using var stored = await OpenAsync(store, keys.Manifest, cancel);
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await stored.ReadAsync(buffer, cancel)) > 0;)
        {
            await bytes.WriteAsync(buffer.AsMemory(0, read), cancel);
            if (bytes.Length > ManifestDocument.BytesMax)
                throw new BackupDamagedException($"The manifest of backup {keys.BackupId} is too large to be one.");
        }
        if (sha256 is not null && Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())) != sha256)
            throw new BackupDamagedException($"The manifest of backup {keys.BackupId} is not the one that was written.");
        return ManifestDocument.Parse(bytes.ToArray(), keys);
    }

    /// <summary>The file's plain bytes. Whoever reads to the end has read exactly what was backed up.</summary>
    internal async Task<Stream> OpenFileAsync(ManifestFile file, CancellationToken cancel)
    {
        var stored = await OpenAsync(store, file.Object, cancel);
        return new HashingStream(new DecryptingStream(stored, dataKey, file.Object), file.Bytes, file.Sha256,
            () => new BackupDamagedException($"The object '{file.Object}' does not hold what the manifest says."));
    }

    /// <summary>Sends the file to where an instance stages a restore.</summary>
    internal async Task SendFileAsync(ManifestFile file, AdminPort port, string restore, CancellationToken cancel)
    {
        await using var plain = await OpenFileAsync(file, cancel);
        await port.PutRestoreFileAsync(restore, file.Name, file.Bytes, plain, cancel);
    }

    internal async Task VerifyFileAsync(ManifestFile file, CancellationToken cancel)
    {
        await using var plain = await OpenFileAsync(file, cancel);
        await plain.CopyToAsync(Stream.Null, cancel);
    }

    /// <summary>Looks at sizes only: finds missing and cut-off objects before anybody starts to rely on the rest.</summary>
    internal async Task RequireAllAsync(BackupManifest manifest, CancellationToken cancel)
    {
        foreach (var file in manifest.Files)
        {
            var found = await store.StatAsync(file.Object, cancel) ?? throw new BackupDamagedException($"The object '{file.Object}' is missing.");
            if (found.Bytes != ChunkCipher.ObjectBytes(file.Bytes))
                throw new BackupDamagedException($"The object '{file.Object}' has {found.Bytes} bytes instead of {ChunkCipher.ObjectBytes(file.Bytes)}.");
        }
    }

    /// <summary>Removes what the manifest does not name: left by tries that were interrupted.</summary>
    internal static async Task RemoveStrangersAsync(IObjectStore store, BackupManifest manifest, CancellationToken cancel)
    {
        var own = manifest.Files.Select(f => f.Object).Append(manifest.Keys.Manifest).ToHashSet(StringComparer.Ordinal);
        await foreach (var found in store.ListAsync(manifest.Keys.Prefix, cancel))
        {
            if (!own.Contains(found.Key))
                await store.DeleteAsync(found.Key, cancel);
        }
    }

    /// <summary>Removes the whole backup, the manifest first: what is left of an interrupted removal is no backup.</summary>
    internal static async Task RemoveAsync(IObjectStore store, BackupKeys keys, CancellationToken cancel)
    {
        await store.DeleteAsync(keys.Manifest, cancel);
        await foreach (var found in store.ListAsync(keys.Prefix, cancel))
            await store.DeleteAsync(found.Key, cancel);
    }

    static async Task<Stream> OpenAsync(IObjectStore store, string key, CancellationToken cancel)
    {
        try
        {
            return await store.OpenReadAsync(key, cancel);
        }
        catch (ObjectMissingException missing)
        {
            throw new BackupDamagedException($"The object '{key}' is missing.", missing);
        }
    }
}

/// <summary>The instance sent other bytes than it had announced.</summary>
sealed class AnnouncementDiffersException(string name) : Exception($"The file '{name}' arrived with other bytes than announced.");
