using System.Security.Cryptography;

namespace Faktory.Server.Admin;

/// <summary>A file of a backup: its plain name, its length and the SHA-256 of its bytes in lower-case hex.</summary>
sealed record StoredFile(string Name, long Bytes, string Sha256)
{
    /// <summary>A name and nothing that could lead elsewhere: letters, digits, dots, dashes, underscores, and no dot in front.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 255 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>All files of a folder, by name.</summary>
    internal static async Task<StoredFile[]> DescribeAsync(string directory, CancellationToken cancel)
    {
        var files = new List<StoredFile>();
        foreach (var path in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var hash = await SHA256.HashDataAsync(file, cancel);
            files.Add(new StoredFile(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(hash)));
        }
        return [.. files];
    }
}
