using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Access;

/// <summary>
/// Refuses what another site made a browser send. Browsers say so themselves in Sec-Fetch-Site, older ones in Origin; a program that sends
/// neither carries nobody's password but its own.
/// </summary>
static class CrossOrigin
{
    internal static bool IsForged(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return false;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return false;
        // A proxy may have put its own host in place of the one in the browser's address bar; no other site's page can send its header.
        return !Uri.TryCreate(origin, UriKind.Absolute, out var from)
            || !(Is(from, request.Headers.Host) || Is(from, request.Headers["X-Forwarded-Host"]));
    }

    static bool Is(Uri origin, string? host) => !string.IsNullOrEmpty(host) && origin.Authority.Equals(host, StringComparison.OrdinalIgnoreCase);
}
