using System.Reflection;

namespace Faktory.Server;

static class ServerVersion
{
    /// <summary>Of this product, such as 0.1.0.</summary>
    internal static string Product { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
