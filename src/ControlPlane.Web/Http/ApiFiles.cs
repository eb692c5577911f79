namespace ControlPlane.Web.Http;

/// <summary>Documents got from the Api for whoever is signed in: a browser has a cookie of the portal, and no token.</summary>
static class ApiFiles
{
    // It looks the way its own style says, with pictures that are inside it, and loads and runs nothing.
    const string DocumentPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

    static readonly Dictionary<string, string> types = new()
    {
        ["html"] = "text/html; charset=utf-8",
        ["pdf"] = "application/pdf",
        ["csv"] = "text/csv; charset=utf-8",
        ["json"] = "application/json",
        ["journal"] = "text/plain; charset=utf-8",
    };

    /// <summary>A page is shown, with the style it brings; everything else is saved under its name.</summary>
    public static async Task<IResult> AnswerAsync(Task<byte[]> call, string name, string format, HttpContext http)
    {
        if (!types.TryGetValue(format, out var type))
            return Results.NotFound();
        var reply = await call.AsReply();
        if (reply.Value is not { } bytes)
            return reply.IsMissing ? Results.NotFound() : Results.Redirect($"/refused/{reply.Problem?.Status ?? StatusCodes.Status502BadGateway}");
        if (format == "html")
            http.Response.Headers.ContentSecurityPolicy = DocumentPolicy;
        return Results.File(bytes, type, format == "html" ? null : $"{name}.{format}");
    }
}
