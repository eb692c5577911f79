namespace BackupScheduler.Stores;

/// <summary>
/// Keys are segments of ASCII letters, digits, '.', '_' and '-' joined by '/', at most 512 characters; no segment starts with a dot.
/// Such a key is a valid S3 key and a valid relative path, and cannot leave the folder it is joined to.
/// </summary>
static class ObjectKey
{
    internal const int CharactersMax = 512;

    internal static void Require(string key)
    {
        if (key.Length is 0 or > CharactersMax || !key.Split('/').All(IsSegment))
            throw new ArgumentException($"'{key}' is not an object key.", nameof(key));
    }

    /// <summary>A prefix is empty, or a key cut off anywhere.</summary>
    internal static void RequirePrefix(string prefix)
    {
        if (prefix.Length == 0)
            return;
        Require(prefix.EndsWith('/') ? prefix[..^1] : prefix);
    }

    internal static bool IsSegment(string segment) =>
        segment.Length > 0 && segment[0] != '.' && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
