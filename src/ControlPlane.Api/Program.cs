using ControlPlane.Api;
using ControlPlane.Api.OpenApi;
using ControlPlane.Core.Data;

// ControlPlane.Api            serves
// ControlPlane.Api openapi    writes the API description to stdout
// ControlPlane.Api migrate    brings the schema up to date, as the role that owns it: ConnectionStrings:Owner
switch (args)
{
    case ["migrate", .. var rest]:
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(rest).Build();
        var owner = configuration.GetConnectionString("Owner") ?? throw new InvalidOperationException("Set ConnectionStrings:Owner to the database, as the role that owns the schema.");
        await DatabaseSetup.MigrateAsync(owner, CancellationToken.None);
        break;
    case ["openapi"]:
        await using (var app = ApiHost.CreateForDescription())
            await Console.Out.WriteAsync(await app.WriteDescriptionAsync(CancellationToken.None));
        break;
    default:
        await ApiHost.Create(args).RunAsync();
        break;
}
