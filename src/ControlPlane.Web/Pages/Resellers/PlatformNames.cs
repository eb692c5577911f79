namespace ControlPlane.Web.Pages.Resellers;

/// <summary>What the protocols are called on pages.</summary>
static class PlatformNames
{
    internal static IReadOnlyList<(string Dialect, string Name)> All { get; } =
    [
        ("heroku", "Heroku"), ("addons_io", "addons.io"), ("digital_ocean", "DigitalOcean"), ("clever_cloud", "Clever Cloud"), ("open_service_broker", "Open Service Broker"), ("vercel", "Vercel"), ("fly", "Fly.io"),
    ];

    internal static string Of(string dialect) => All.FirstOrDefault(p => p.Dialect == dialect).Name ?? dialect;
}
