using System.Globalization;
using Faktory.Server.Config;

namespace Faktory.Server.Cli.Wire;

/// <summary>Where a server is: <c>tcp://[user]:password@host:port</c>, or <c>tcp+tls://</c>. The password is URL-escaped.</summary>
sealed record ServerUrl(string Host, int Port, string? Password, bool IsTls)
{
    const int DefaultPort = 7419;

    /// <summary>From the flag, else the variable that FAKTORY_PROVIDER names, else FAKTORY_URL, else this machine's default port.</summary>
    /// <exception cref="ConfigurationException">What was given is not such an address.</exception>
    internal static ServerUrl Find(string? given, Func<string, string?> variable)
    {
        if (given is not null)
            return Parse(given, "--url");
        var name = "FAKTORY_URL";
        if (variable("FAKTORY_PROVIDER") is { } provider)
        {
            if (provider.Contains(':', StringComparison.Ordinal))
                throw new ConfigurationException("FAKTORY_PROVIDER must be the name of the variable that holds the URL, and not the URL");
            name = provider;
        }
        return variable(name) is { } url ? Parse(url, name) : new ServerUrl("localhost", DefaultPort, null, false);
    }

    internal static ServerUrl Parse(string text, string source)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("tcp" or "tcp+tls") || url.Host.Length == 0)
            throw new ConfigurationException($"{source} must be tcp://:password@host:port or tcp+tls://:password@host:port");
        var colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var password = colon >= 0 ? url.UserInfo[(colon + 1)..] : url.UserInfo;
        return new ServerUrl(
            url.DnsSafeHost, url.Port > 0 ? url.Port : DefaultPort, password.Length > 0 ? Uri.UnescapeDataString(password) : null, url.Scheme == "tcp+tls");
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsTls ? "tcp+tls" : "tcp")}://{Host}:{Port}");
}
