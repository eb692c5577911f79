using System.Reflection;

namespace EndToEnd;

/// <summary>Where the build put things.</summary>
static class Built
{
    internal static string NodeFolder => Value("NodeFolder");
    internal static string Artifacts => Value("Artifacts");

    /// <summary>What the scripts built and named, or what this project's build made.</summary>
    internal static string Host => Environment.GetEnvironmentVariable("CONTROL_PLANE_HOST")
        ?? Path.Combine(Artifacts, "bin", "ControlPlane.Host", Value("Configuration"), "ControlPlane.Host");

    internal static string Server => Environment.GetEnvironmentVariable("FAKTORY_SERVER") is { Length: > 0 } given
        ? given
        : Path.Combine(Artifacts, "bin", "Faktory.Server", $"{Value("Configuration")}_linux-x64", "faktory-server");

    internal static string StripeDouble => Path.Combine(Artifacts, "bin", "Stripe.Double", Value("Configuration"), "Stripe.Double");

    static string Value(string key) => typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
