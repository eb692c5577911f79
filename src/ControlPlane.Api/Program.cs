using ControlPlane.Api;
using ControlPlane.Core.Data;

// ControlPlane.Api            serves
// ControlPlane.Api migrate    brings the schema up to date, as the role that owns it: ConnectionStrings:Owner
switch (args)
{
    case ["migrate", .. var rest]:
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(rest).Build();
        var owner = configuration.GetConnectionString("Owner") ?? throw new InvalidOperationException("Set ConnectionStrings:Owner to the database, as the role that owns the schema.");
        await DatabaseSetup.MigrateAsync(owner, CancellationToken.None);
        break;
    default:
        await ApiHost.Create(args).RunAsync();
        break;
}
