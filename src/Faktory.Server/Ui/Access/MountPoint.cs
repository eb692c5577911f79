using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Access;

/// <summary>Where a proxy shows the UI: the path in X-Script-Name, which every link, form and redirect begins with.</summary>
static class MountPoint
{
    const int LengthMax = 256;

    static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-/");

    /// <summary>"" at the root. What is not a plain path counts as none: <c>//host</c> would lead away from here.</summary>
    internal static string Of(HttpRequest request)
    {
        var name = request.Headers["X-Script-Name"].ToString().TrimEnd('/');
        return name.Length <= LengthMax && name.StartsWith('/') && !name.Contains("//", StringComparison.Ordinal) && !name.AsSpan().ContainsAnyExcept(PathCharacters)
            ? name
            : "";
    }

    /// <summary>The path within the UI, whether the proxy took the mount point off or left it on. Never ends with a slash.</summary>
    internal static string Strip(string path, string mount)
    {
        if (mount.Length > 0 && path.StartsWith(mount, StringComparison.Ordinal) && (path.Length == mount.Length || path[mount.Length] == '/'))
            path = path[mount.Length..];
        return path.TrimEnd('/');
    }
}
