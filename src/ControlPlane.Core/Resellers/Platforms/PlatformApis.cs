using ControlPlane.Core.Outbound;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Resellers.Platforms;

public static class PlatformApis
{
    /// <summary>The clients of the platforms' own APIs. A <see cref="TimeProvider"/> is there already.</summary>
    public static IServiceCollection AddPlatformApis(this IServiceCollection services, IConfiguration configuration) =>
        services.AddOutboundHttp(configuration).AddSingleton<PlatformHttp>().AddSingleton<AddOnApi>().AddSingleton<VercelApi>().AddSingleton<FlyApi>();
}
