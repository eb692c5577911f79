using System.Text.Json;
using BackupScheduler.Archives;
using BackupScheduler.Stores;

namespace BackupScheduler.Exports;

/// <summary>
/// Decrypts one backup into a folder, for a restore by hand. Asks neither the rows of backups nor an instance: the store, the key ring and the
/// backup's place in the store are enough. Every byte is compared before the folder counts as good.
/// </summary>
sealed class ExportBackup(BackupArchives archives)
{
    /// <summary>What POST /admin/restores/{id}/commit wants as its body; written last.</summary>
    internal const string CommitFile = "commit.json";

    /// <param name="folder">Must not exist, or be empty.</param>
    /// <exception cref="BackupDamagedException">The backup is not whole, or its key does not open.</exception>
    internal async Task<BackupManifest> RunAsync(BackupKeys keys, string folder, CancellationToken cancel)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException($"'{folder}' is not empty.");
        var (archive, manifest) = await archives.OpenFromStoreAsync(keys, cancel);
        Directory.CreateDirectory(folder, StagedFile.OwnersFolder);
        foreach (var file in manifest.Files)
        {
            await using var plain = await archive.OpenFileAsync(file, cancel);
            await new StagedFile(Path.Combine(folder, file.Name)).WriteAsync(plain, cancel);
        }
        var commit = JsonSerializer.SerializeToUtf8Bytes(new { files = manifest.CheckpointFiles, counts = manifest.Counts }, ManifestDocument.Json);
        await new StagedFile(Path.Combine(folder, CommitFile)).WriteAsync(new MemoryStream(commit), cancel);
        return manifest;
    }
}
