using ControlPlane.Host.Postgres;

namespace ControlPlane.Host;

/// <summary>What each process is told, as its command line would tell it: one connection string each, with its own role.</summary>
sealed class ProcessSettings(HostOptions options, DataFolder data, ControlPlaneDatabase database, Addresses addresses)
{
    internal string[] Api =>
    [
        .. Common(database.Api, urls: Listening(addresses.Api)),
        $"--Api:PortalAddress={addresses.Portal}",
        "--Api:TrustedProxies:0=127.0.0.1",
        "--Api:TrustedProxies:1=::1",
    ];

    internal string[] Web =>
    [
        .. Common(database.Web, urls: Listening(addresses.Portal)),
        $"--Api:BaseAddress={addresses.Api}",
        $"--Api:PublicAddress={addresses.Api}",
        $"--Portal:PublicAddress={addresses.Portal}",
    ];

    internal string[] Provisioner =>
    [
        .. Common(database.Provisioner, urls: anyPort),
        $"--Provisioner:Engine={options.Engine}",
        $"--Provisioner:ServerExecutable={serverExecutable}",
        $"--Provisioner:Process:Root={data.Instances}",
        "--Provisioner:Process:StopInstancesOnShutdown=true",
        $"--Provisioner:Docker:Deployment={data.Deployment()}",
        "--Provisioner:Docker:StopInstancesOnShutdown=true",
        .. image is null ? (string[])[] : [$"--Provisioner:Docker:Image={image}"],
    ];

    internal string[] BackupScheduler =>
    [
        .. Common(database.Backup, urls: anyPort),
        $"--Api:PortalAddress={addresses.Portal}",
        $"--BackupScheduler:DataFolder={data.BackupScheduler}",
        $"--BackupScheduler:Folder={data.Backups}",
        $"--BackupScheduler:ServerExecutable={serverExecutable}",
    ];

    // Health of these two is the host's own; their listeners have no fixed place in one process.
    const string anyPort = "http://127.0.0.1:0";

    static readonly string serverExecutable = Environment.GetEnvironmentVariable("FAKTORY_SERVER")
        ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "faktory-server", "faktory-server"));

    // The id of the image that was made from this checkout; several checkouts may share an engine, and a tag means the last one.
    static readonly string? image = Environment.GetEnvironmentVariable("FAKTORY_IMAGE");

    string[] Common(string connectionString, string urls) =>
    [
        $"--urls={urls}",
        $"--contentRoot={AppContext.BaseDirectory}",
        "--hostBuilder:reloadConfigOnChange=false",
        "--shutdownTimeoutSeconds=10",
        $"--ConnectionStrings:ControlPlane={connectionString}",
        $"--KeyRing:Certificate={data.KeyRingCertificate}",
        // A laptop bills nobody: whoever tries it may want to see a year pass.
        "--Billing:ClockIsMovable=true",
        $"--Logging:LogLevel:Default={(options.IsVerbose ? "Information" : "Warning")}",
        "--Logging:Console:FormatterName=simple",
        "--Logging:Console:FormatterOptions:SingleLine=true",
    ];

    // "localhost" listens on both loopback addresses, as browsers may take either, and passkeys need a name.
    static string Listening(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
