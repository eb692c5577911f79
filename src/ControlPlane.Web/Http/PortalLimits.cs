using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Http;

/// <summary>What one address or one person may take of the portal.</summary>
static class PortalLimits
{
    public const string LiveStreams = "live-streams";

    static readonly string[] guarded = ["/sign-in", "/sign-up", "/forgot-password", "/reset-password", "/operator/claim"];

    public static void AddPortalLimits(this IServiceCollection services) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            HttpMethods.IsPost(context.Request.Method) && guarded.Contains(context.Request.Path.Value, StringComparer.OrdinalIgnoreCase)
                ? RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new()
                {
                    PermitLimit = Options(context).SignInsPerMinuteMax,
                    Window = TimeSpan.FromMinutes(1),
                })
                : RateLimitPartition.GetNoLimiter(""));
        limiter.AddPolicy(LiveStreams, context =>
            RateLimitPartition.GetConcurrencyLimiter(context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", _ => new()
            {
                PermitLimit = Options(context).LiveStreamsPerUserMax,
            }));
    });

    static PortalOptions Options(HttpContext context) => context.RequestServices.GetRequiredService<IOptions<PortalOptions>>().Value;
}
