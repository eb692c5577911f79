using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Secrets;
using ControlPlane.Web.Account;
using ControlPlane.Web.Components;
using ControlPlane.Web.Http;
using ControlPlane.Web.Live;
using ControlPlane.Web.Pages.Billing;
using ControlPlane.Web.Pages.Instances;
using ControlPlane.Web.Pages.Ledger;
using ControlPlane.Web.Pages.Operator;
using ControlPlane.Web.Pages.Parties;
using ControlPlane.Web.Pages.Resellers;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web;

/// <summary>Builds the portal, for its own executable and for the process that hosts all of them.</summary>
public static class WebHost
{
    static readonly string name = typeof(WebHost).Assembly.GetName().Name!;

    /// <param name="args">Command-line configuration, for example <c>--urls=http://127.0.0.1:8080 --Api:BaseAddress=http://127.0.0.1:8081</c>.</param>
    public static WebApplication Create(string[] args)
    {
        // Named after this assembly, whoever hosts it: that is how the static files beside it are found.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = name, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        AddServices(builder.Services, builder.Configuration);
        var app = builder.Build();
        Map(app);
        return app;
    }

    static void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PortalOptions>().BindConfiguration("Portal").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ApiOptions>().BindConfiguration("Api").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BankOptions>().BindConfiguration("Billing");
        services.AddSingleton(TimeProvider.System);

        services.AddControlPlaneDatabase(configuration);
        services.AddKeyRing(configuration);
        services.AddPortalIdentity();
        services.AddScoped<Session>();
        services.AddScoped<Brand>();
        services.AddSingleton<BrandsOfHosts>();

        services.AddHttpContextAccessor();
        services.AddTransient<ApiTicketHandler>();
        services.AddHttpClient<ControlPlaneClient>((provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<IOptions<ApiOptions>>().Value.BaseAddress;
            // A certification goes through a whole protocol, within a minute; everything else is answered in less.
            http.Timeout = TimeSpan.FromSeconds(70);
        }).AddHttpMessageHandler<ApiTicketHandler>();

        services.AddRazorComponents();
        services.AddCascadingAuthenticationState();
        services.AddPortalLimits();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<PortalOptions>>((options, portal) =>
        {
            if (!portal.Value.TrustsProxy)
                return;
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
        });
        services.AddHealthChecks();
    }

    static void Map(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/failure", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/refused/{0}", createScopeForStatusCodePages: true);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();

        app.MapHealthChecks("/healthz").DisableHttpMetrics();
        app.MapHealthChecks("/readyz").DisableHttpMetrics();
        app.MapSignOut();
        app.MapSignOn();
        app.MapChosenOrganization();
        app.MapBrandStyle();
        app.MapLive();
        app.MapPalette();
        app.MapInvoiceFiles();
        app.MapLedgerFiles();
        app.MapPartyFiles();
        app.MapPlatformFiles();
        app.MapMailPages();
        // Published inside another executable, the files are listed in its manifest; a test has none.
        var manifest = new[] { name, System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name }
            .Select(owner => Path.Combine(AppContext.BaseDirectory, $"{owner}.staticwebassets.endpoints.json"))
            .FirstOrDefault(File.Exists);
        var pages = app.MapRazorComponents<App>();
        if (manifest is not null)
        {
            app.MapStaticAssets(manifest);
            pages.WithStaticAssets(manifest);
        }
    }
}
