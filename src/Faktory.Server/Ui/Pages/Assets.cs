using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Pages;

/// <summary>The style sheet, the script and the icon, out of the executable. Their address changes with them, so browsers keep them for ever.</summary>
static class Assets
{
    static readonly Dictionary<string, (byte[] Bytes, string ContentType)> All = new()
    {
        ["/static/ui.css"] = (Read("ui.css"), "text/css; charset=utf-8"),
        ["/static/ui.js"] = (Read("ui.js"), "text/javascript; charset=utf-8"),
        ["/static/icon.svg"] = (Read("icon.svg"), "image/svg+xml"),
    };

    internal static string Version { get; } = Convert.ToHexStringLower(SHA256.HashData([.. All.Values.SelectMany(a => a.Bytes)]))[..12];

    /// <summary>Null when there is no such file.</summary>
    internal static Task? Serve(HttpContext http, string path)
    {
        if (!All.TryGetValue(path, out var asset))
            return null;
        http.Response.ContentType = asset.ContentType;
        http.Response.ContentLength = asset.Bytes.Length;
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(asset.Bytes, http.RequestAborted).AsTask();
    }

    static byte[] Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream($"asset/{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
