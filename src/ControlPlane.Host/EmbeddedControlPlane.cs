using BackupScheduler;
using ControlPlane.Api;
using ControlPlane.Core.Data;
using ControlPlane.Core.Secrets;
using ControlPlane.Host.Postgres;
using ControlPlane.Web;
using Provisioner;

namespace ControlPlane.Host;

/// <summary>The four processes in this one, over a PostgreSQL of their own, until they are asked to stop or one of them fails.</summary>
static partial class EmbeddedControlPlane
{
    internal static async Task<int> RunAsync(HostOptions options, TimeProvider clock, CancellationToken stop)
    {
        using var data = DataFolder.Take(options.DataFolder);
        using var api = LoopbackPort.Claim(options.ApiPort, LoopbackPort.PreferredApi, "--api", leave: options.PortalPort);
        using var portal = LoopbackPort.Claim(options.PortalPort, LoopbackPort.PreferredPortal, "--portal");
        var addresses = new Addresses(new Uri($"http://localhost:{api.Number}"), new Uri($"http://localhost:{portal.Number}"));

        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(console => console.SingleLine = true));
        var logger = logging.CreateLogger("ControlPlane.Host");
        await using var postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(data.Path, options.IsDurable), logger, clock, stop);
        var database = await ControlPlaneDatabase.EnsureAsync(postgres, ControlPlaneDatabase.DefaultName, stop);
        await DatabaseSetup.MigrateAsync(database.Owner, stop);
        KeyRing.EnsureCertificate(data.KeyRingCertificate, clock);
        var operatorLink = await OperatorLink.MakeAsync(database.Owner, addresses.Portal, options.WantsOperatorLink, clock, stop);

        var settings = new ProcessSettings(options, data, database, addresses);
        // Stopped in the reverse order: first those who take requests, last those who carry them out.
        await using var processes = new RunningProcesses();
        await processes.StartAsync(() => ProvisionerHost.Create(settings.Provisioner), stop);
        await processes.StartAsync(() => BackupHost.Create(settings.BackupScheduler), stop);
        await processes.StartAsync(() => ApiHost.Create(settings.Api), stop);
        await processes.StartAsync(() => WebHost.Create(settings.Web), stop);

        Console.WriteLine(Welcome(options, addresses, operatorLink));
        var failed = await processes.UntilOneEndsAsync(clock, stop);
        if (failed is not null)
            LogEnded(logger, failed);
        Console.WriteLine("Stopping.");
        return failed is null ? 0 : 1;
    }

    static string Welcome(HostOptions options, Addresses addresses, Uri? operatorLink) => $"""

        Faktory Cloud is running.

          Portal    {addresses.Portal.GetLeftPart(UriPartial.Authority)}
          API       {addresses.Api.GetLeftPart(UriPartial.Authority)}  (reference: {new Uri(addresses.Api, "docs")})
          Operator  {operatorLink?.ToString() ?? "has been claimed (a new link: --operator-link)"}{(operatorLink is null ? "" : "  (opens once, within a day)")}
          Data      {options.DataFolder}

        Ctrl-C stops it.
        """;

    [LoggerMessage(LogLevel.Critical, "{Process} has ended by itself, so everything stops; why stands above")]
    static partial void LogEnded(ILogger logger, string process);
}

/// <summary>Where people reach the two that listen.</summary>
sealed record Addresses(Uri Api, Uri Portal);
