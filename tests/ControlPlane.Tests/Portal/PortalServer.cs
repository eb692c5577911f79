using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using ControlPlane.Web;
using Microsoft.AspNetCore.Builder;

namespace ControlPlane.Tests.Portal;

/// <summary>The real portal before the real Api, both on loopback ports, each as its own role of one database.</summary>
sealed class PortalServer : IAsyncDisposable
{
    readonly WebApplication app;

    PortalServer(WebApplication app, ApiServer api) => (this.app, Api) = (app, api);

    internal ApiServer Api { get; }
    internal Uri Address => new(app.Urls.Single());

    internal static async Task<PortalServer> StartAsync(PostgresFixture postgres, params string[] settings)
    {
        var api = await ApiServer.StartAsync(postgres);
        var app = WebHost.Create(
        [
            "--urls=http://127.0.0.1:0", $"--ConnectionStrings:ControlPlane={api.Database.Web}", $"--KeyRing:Certificate={ApiServer.CertificatePath}",
            $"--Api:BaseAddress={api.Http.BaseAddress}", "--Portal:SignInsPerMinuteMax=1000", "--Logging:LogLevel:Default=Warning", .. settings,
        ]);
        await app.StartAsync();
        return new PortalServer(app, api);
    }

    internal PortalVisitor Open() => new(Address);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await Api.DisposeAsync();
    }
}
