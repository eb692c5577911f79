using ControlPlane.Core.Resellers.Platforms;

namespace Provisioner.Platforms;

static class PlatformSetup
{
    internal static IServiceCollection AddPlatforms(this IServiceCollection services, IConfiguration configuration) =>
        services.AddPlatformApis(configuration).AddScoped<VercelBilling>()
        .AddScoped<IPlatform, AddOnPlatform>().AddScoped<IPlatform, VercelPlatform>().AddScoped<IPlatform, FlyPlatform>();
}
