using ControlPlane.Core.Documents;

namespace ControlPlane.Web.Http;

/// <summary>Documents got from the Api for whoever is signed in: a browser has a cookie of the portal, and no token.</summary>
static class ApiFiles
{
    static readonly Dictionary<string, string> types = new()
    {
        ["html"] = "text/html; charset=utf-8",
        ["pdf"] = "application/pdf",
        ["csv"] = "text/csv; charset=utf-8",
        ["json"] = "application/json",
        ["journal"] = "text/plain; charset=utf-8",
    };

    /// <summary>A page is shown, with the style it brings; everything else is saved under its name.</summary>
    /// <param name="policy">What a browser may do with a page.</param>
    public static async Task<IResult> AnswerAsync(Task<byte[]> call, string name, string format, HttpContext http, string policy = HtmlDocument.ContentSecurityPolicy)
    {
        if (!types.TryGetValue(format, out var type))
            return Results.NotFound();
        var reply = await call.AsReply();
        if (reply.Value is not { } bytes)
            return reply.IsMissing ? Results.NotFound() : Results.Redirect($"/refused/{reply.Problem?.Status ?? StatusCodes.Status502BadGateway}");
        if (format == "html")
            http.Response.Headers.ContentSecurityPolicy = policy;
        return Results.File(bytes, type, format == "html" ? null : $"{name}.{format}");
    }
}
