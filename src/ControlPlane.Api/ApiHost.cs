using ControlPlane.Api.Dialects;
using ControlPlane.Api.Http;
using ControlPlane.Api.OpenApi;
using ControlPlane.Core.Data;
using ControlPlane.Core.Secrets;

namespace ControlPlane.Api;

/// <summary>Builds the public HTTP API, for its own executable and for the process that hosts all of them.</summary>
public static class ApiHost
{
    /// <param name="args">Command-line configuration, for example <c>--urls=http://127.0.0.1:8080</c>. Environment variables work as well; see docs/operations.</param>
    public static WebApplication Create(string[] args) => Create(args, TimeProvider.System);

    /// <summary>Everything mapped and nothing connected: the description comes from the endpoints alone.</summary>
    internal static WebApplication CreateForDescription()
    {
        var folder = Directory.CreateTempSubdirectory("faktory-api-");
        var certificate = Path.Combine(folder.FullName, "key-ring.p12");
        KeyRing.EnsureCertificate(certificate, TimeProvider.System);
        var app = Create([$"--ConnectionStrings:{DatabaseSetup.ConnectionStringName}=Host=localhost", $"--{KeyRing.CertificateSetting}={certificate}"], TimeProvider.System,
            builder => builder.Logging.ClearProviders());
        folder.Delete(recursive: true);
        return app;
    }

    /// <param name="configure">The last word on services and logging, for tests.</param>
    internal static WebApplication Create(string[] args, TimeProvider clock, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddApi(clock);
        configure?.Invoke(builder);
        var app = builder.Build();

        app.UseForwardedHeaders();
        app.UseResponseHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<RateLimiting>();
        app.UseAuthorization();
        app.UseKeptBodies();
        app.MapHealth();
        app.MapV1();
        app.MapDialects();
        app.MapReference();
        // Said here, although it would be added by itself: the description can then be written without starting.
        app.UseEndpoints(_ => { });
        return app;
    }
}
