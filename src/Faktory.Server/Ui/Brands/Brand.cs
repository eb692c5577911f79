using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Brands;

/// <summary>
/// Under whose name the UI is shown. Its style sheet and logo are served by us, under addresses that change with them, so the content security policy allows
/// nothing more than it did. Shown before anybody has given a password, as the icon is: a brand is no secret. Never changes; safe for any number of readers.
/// </summary>
sealed class Brand
{
    readonly byte[]? _style, _logo;

    internal Brand(string name, string? color, byte[]? logo)
    {
        Name = name;
        _style = color is null ? null : Encoding.UTF8.GetBytes(BrandColors.Write(color));
        _logo = logo;
        Version = Convert.ToHexStringLower(SHA256.HashData([.. _style ?? [], .. _logo ?? []]))[..12];
    }

    internal string Name { get; }

    internal bool HasStyle => _style is not null;

    internal bool HasLogo => _logo is not null;

    internal string Version { get; }

    /// <summary>Null when it is no address of a brand's file, or this brand has none.</summary>
    internal static Task? Serve(Brand? brand, HttpContext http, string path) => path switch
    {
        "/static/brand.css" when brand?._style is { } style => brand.WriteAsync(http, style, "text/css; charset=utf-8"),
        "/static/brand.png" when brand?._logo is { } logo => brand.WriteAsync(http, logo, "image/png"),
        _ => null,
    };

    Task WriteAsync(HttpContext http, byte[] bytes, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        // An address that is older than this brand must not keep what it got by chance.
        if (http.Request.Query["v"] == Version)
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
