using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Dialects.Certifying;
using ControlPlane.Api.Dialects.CleverCloud;
using ControlPlane.Api.Dialects.DigitalOcean;
using ControlPlane.Api.Dialects.Fly;
using ControlPlane.Api.Dialects.Heroku;
using ControlPlane.Api.Dialects.ServiceBroker;
using ControlPlane.Api.Dialects.Vercel;
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
        HerokuWebhooks.Map(app);
        DigitalOceanResources.Map(app);
        DigitalOceanNotifications.Map(app);
        DigitalOceanSignOn.Map(app);
        CleverCloudResources.Map(app);
        CleverCloudSignOn.Map(app);
        MapServiceBroker(app);
        MapVercel(app);
        FlyExtensions.Map(app, new FlyCaller(app.ServiceProvider.GetRequiredService<TimeProvider>()));
        FlySignOn.Map(app);
    }

    static void MapServiceBroker(IEndpointRouteBuilder app)
    {
        var broker = app.MapDialect("/osb/v2", Dialect.OpenServiceBroker, "HTTP Basic");
        broker.AddEndpointFilter<BrokerHeaders>().AddEndpointFilter(new BasicCaller(Dialect.OpenServiceBroker, () => BrokerAnswers.Refuse(401, null, "The broker's user or password is wrong.")));
        GetCatalog.Map(broker);
        BrokerInstances.Map(broker);
        BrokerLastOperation.Map(broker);
        BrokerBindings.Map(broker);
    }

    static void MapVercel(IEndpointRouteBuilder app)
    {
        var vercel = app.MapDialect("/vercel/v1", Dialect.Vercel, "a token signed by Vercel");
        vercel.AddEndpointFilter<VercelGate>();
        VercelInstallations.Map(vercel);
        VercelResources.Map(vercel);
        VercelResourceCalls.Map(vercel);
        VercelConsole.Map(vercel);
        VercelTransfers.Map(vercel);
        VercelSignOn.Map(app);
        VercelWebhooks.Map(app);
    }

    internal static IServiceCollection AddDialects(this IServiceCollection services, IConfiguration configuration) => services
        .AddPlatformApis(configuration).AddScoped<CommandEnd>().AddScoped<AddOnHandler>().AddScoped<AddOnSignOn>().AddScoped<BrokerWork>()
        .AddSingleton<PlatformKeys>().AddScoped<VercelCaller>().AddScoped<VercelWork>().AddScoped<FlyWork>()
        .AddScoped<Certification>().AddHttpContextAccessor();
}
