using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BackupScheduler.Archives;

/// <summary>
/// The manifest as it is stored: <c>{"manifest": {…}, "sha256": "…", "mac": "…"}</c>. Both cover the exact bytes of the manifest
/// member: the hash finds rot without any key, the HMAC (key derived from the data key) finds a forger who can write to the store.
/// </summary>
sealed class ManifestDocument
{
    internal const int BytesMax = 16 << 20;
    const int FilesMax = 100_000;

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    readonly byte[] covered;
    readonly string mac;

    ManifestDocument(BackupManifest manifest, byte[] covered, string mac) => (Manifest, this.covered, this.mac) = (manifest, covered, mac);

    internal BackupManifest Manifest { get; }

    internal static byte[] Write(BackupManifest manifest, byte[] dataKey)
    {
        var covered = JsonSerializer.SerializeToUtf8Bytes(manifest, Json);
        var text = $$"""
            {"manifest":{{Encoding.UTF8.GetString(covered)}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(covered))}}","mac":"{{Mac(covered, dataKey)}}"}
            """;
        return Encoding.UTF8.GetBytes(text);
    }

    /// <exception cref="BackupDamagedException">Not a manifest of this format, or its bytes have changed.</exception>
    internal static ManifestDocument Parse(ReadOnlyMemory<byte> stored, BackupKeys expected)
    {
        try
        {
            using var document = JsonDocument.Parse(stored);
            var covered = Encoding.UTF8.GetBytes(document.RootElement.GetProperty("manifest").GetRawText());
            if (document.RootElement.GetProperty("sha256").GetString() != Convert.ToHexStringLower(SHA256.HashData(covered)))
                throw new BackupDamagedException($"The manifest of backup {expected.BackupId} has changed since it was written.");
            if (document.RootElement.GetProperty("manifest").GetProperty("format").GetInt32() is var format and not BackupManifest.CurrentFormat)
                throw new BackupDamagedException($"The manifest of backup {expected.BackupId} has format {format}; this version reads {BackupManifest.CurrentFormat}.");
            var manifest = JsonSerializer.Deserialize<BackupManifest>(covered, Json)!;
            Require(manifest, expected);
            return new(manifest, covered, document.RootElement.GetProperty("mac").GetString() ?? "");
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BackupDamagedException($"The manifest of backup {expected.BackupId} cannot be read: {malformed.Message}", malformed);
        }
    }

    /// <exception cref="BackupDamagedException">The manifest was not written by a holder of the data key.</exception>
    internal void Authenticate(byte[] dataKey)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Mac(covered, dataKey)), Encoding.ASCII.GetBytes(mac)))
            throw new BackupDamagedException($"The manifest of backup {Manifest.BackupId} was not written by this service.");
    }

    static void Require(BackupManifest manifest, BackupKeys expected)
    {
        if (manifest.Keys != expected)
            throw new BackupDamagedException($"The manifest under {expected.Prefix} belongs to {manifest.Keys.Prefix}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (manifest.Files.Count is 0 or > FilesMax)
            throw new BackupDamagedException($"The manifest of backup {expected.BackupId} lists {manifest.Files.Count} files.");
        foreach (var file in manifest.Files)
        {
            if (!BackupKeys.IsFileName(file.Name) || !names.Add(file.Name) || file.Object != expected.File(file.Name) || file.Bytes < 0)
                throw new BackupDamagedException($"The manifest of backup {expected.BackupId} lists a file that cannot be its own: '{file.Name}'.");
        }
    }

    static string Mac(byte[] covered, byte[] dataKey)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, ChunkCipher.KeyBytes, info: "faktory-cloud backup manifest v1"u8.ToArray());
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, covered));
    }
}
