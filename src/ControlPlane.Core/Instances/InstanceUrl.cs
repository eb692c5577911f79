using System.Globalization;

namespace ControlPlane.Core.Instances;

/// <summary>What workers take as FAKTORY_URL.</summary>
public static class InstanceUrl
{
    /// <param name="host">A name or an address; one of IPv6 without its brackets.</param>
    /// <param name="password">As it is; escaped here.</param>
    public static string Of(string host, int port, bool tls, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"{(tls ? "tcp+tls" : "tcp")}://:{Uri.EscapeDataString(password)}@{(host.Contains(':') ? $"[{host}]" : host)}:{port}");
}
