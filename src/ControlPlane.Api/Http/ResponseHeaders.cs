namespace ControlPlane.Api.Http;

/// <summary>What every answer carries: its id, and what a browser may do with it, which is nothing.</summary>
static class ResponseHeaders
{
    internal static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers["Request-Id"] = ProblemAnswers.TraceId(context);
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        return next(context);
    });
}
