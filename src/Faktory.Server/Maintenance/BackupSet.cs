using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Faktory.Server.Admin;
using Faktory.Server.Storage;

namespace Faktory.Server.Maintenance;

/// <summary>
/// A backup as it lies in an operator's folder: <c>{id}/</c> with the store's files and, written last, <c>manifest.json</c>, which is the
/// description that the admin port gives; or all of that in <c>{id}.tar</c>.
/// </summary>
static class BackupSet
{
    internal const string ManifestFile = "manifest.json";

    // What an export of the backup scheduler holds instead; it has the members that matter here.
    const string CommitFile = "commit.json";
    const string ArchiveExtension = ".tar";

    /// <summary>Copies every file, comparing its hash on the way; what is not finished is called <c>.part</c>. Returns the path of the backup.</summary>
    /// <param name="folder">Where backups are kept.</param>
    /// <param name="backup">The description.</param>
    /// <param name="open">Gives the bytes of a file.</param>
    /// <param name="isArchive">Whether it becomes one file.</param>
    /// <param name="progress">Told how many bytes have been copied.</param>
    /// <param name="cancel">Ends it early; what was begun is removed.</param>
    /// <exception cref="InvalidDataException">A file is not what the description says.</exception>
    internal static async Task<string> WriteAsync(
        string folder, BackupBody backup, Func<StoredFile, Task<Stream>> open, bool isArchive, Action<long> progress, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var part = Path.Combine(folder, backup.Id + ".part");
        var done = Path.Combine(folder, backup.Id);
        try
        {
            Directory.CreateDirectory(part);
            var copied = 0L;
            foreach (var file in backup.Files)
            {
                await using var source = await open(file);
                await CopyAsync(source, Path.Combine(part, file.Name), file, cancel);
                progress(copied += file.Bytes);
            }
            SyncedFile.Replace(Path.Combine(part, ManifestFile), JsonSerializer.SerializeToUtf8Bytes(backup, AdminJson.Default.BackupBody));
            if (!isArchive)
            {
                Directory.Move(part, done);
                SyncedFile.SyncDirectory(folder);
                return done;
            }
            await PackAsync(part, done + ArchiveExtension, cancel);
            return done + ArchiveExtension;
        }
        finally
        {
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
        }
    }

    /// <summary>The backups in a folder, oldest first: their ids begin with their time.</summary>
    internal static IEnumerable<string> List(string folder) => Directory.EnumerateFileSystemEntries(folder, "chk_*")
        .Where(path => path.EndsWith(ArchiveExtension, StringComparison.Ordinal) ? File.Exists(path) : File.Exists(Path.Combine(path, ManifestFile)))
        .OrderBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);

    internal static bool Is(string path) =>
        File.Exists(path) ? path.EndsWith(ArchiveExtension, StringComparison.Ordinal) : File.Exists(Path.Combine(path, ManifestFile)) || File.Exists(Path.Combine(path, CommitFile));

    /// <summary>Copies the files of a backup, which may be an archive, to a folder that does not exist yet, and returns what they should be.</summary>
    /// <exception cref="InvalidDataException">It is not a backup.</exception>
    internal static async Task<CommitBody> ExtractAsync(string path, string to, CancellationToken cancel)
    {
        Directory.CreateDirectory(to);
        if (File.Exists(path))
        {
            // Refuses names that lead out of the folder.
            await TarFile.ExtractToDirectoryAsync(path, to, overwriteFiles: false, cancel);
        }
        else
        {
            foreach (var file in Directory.EnumerateFiles(path))
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        foreach (var name in (string[])[ManifestFile, CommitFile])
        {
            var manifest = Path.Combine(to, name);
            if (!File.Exists(manifest))
                continue;
            var body = Read(manifest);
            File.Delete(manifest);
            return body;
        }
        throw new InvalidDataException($"{path} holds no {ManifestFile}: it is not a backup, or not a whole one");
    }

    static CommitBody Read(string manifest)
    {
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(manifest), AdminJson.Default.CommitBody) is { Files: not null, Counts: not null } body)
                return body;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{manifest} cannot be read: {e.Message}", e);
        }
        throw new InvalidDataException($"{manifest} names no files and counts");
    }

    static async Task CopyAsync(Stream source, string path, StoredFile expected, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[128 << 10];
        int read;
        while ((read = await source.ReadAsync(buffer, cancel)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
        if (target.Length != expected.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != expected.Sha256)
            throw new InvalidDataException($"{expected.Name} did not arrive as it was described; take the backup again");
        target.Flush(flushToDisk: true);
    }

    static async Task PackAsync(string folder, string archive, CancellationToken cancel)
    {
        var part = archive + ".part";
        try
        {
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await TarFile.CreateFromDirectoryAsync(folder, file, includeBaseDirectory: false, cancel);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, archive);
            SyncedFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(archive))!);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
