using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Dialects.CleverCloud;
using ControlPlane.Api.Dialects.DigitalOcean;
using ControlPlane.Api.Dialects.Heroku;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects;

/// <summary>Every call of resellers' platforms. Each dialect translates to the commands of <c>Resellers/</c> and back, and has no rules of its own.</summary>
static class DialectRoutes
{
    internal static void MapDialects(this IEndpointRouteBuilder app)
    {
        foreach (var (prefix, dialect) in ((string, Dialect)[])[("/heroku", Dialect.Heroku), ("/addons-io", Dialect.AddonsIo)])
        {
            HerokuResources.Map(app, prefix, dialect);
            HerokuSignOn.Map(app, prefix, dialect);
        }
        DigitalOceanResources.Map(app);
        DigitalOceanNotifications.Map(app);
        DigitalOceanSignOn.Map(app);
        CleverCloudResources.Map(app);
        CleverCloudSignOn.Map(app);
    }

    internal static IServiceCollection AddDialects(this IServiceCollection services, IConfiguration configuration) => services
        .AddPlatformApis(configuration).AddScoped<CommandEnd>().AddScoped<AddOnHandler>().AddScoped<AddOnSignOn>();
}
