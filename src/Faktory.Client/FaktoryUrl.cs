using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Faktory.Client;

/// <summary>
/// Where a Faktory server is and how to enter: <c>tcp://[user]:password@host:port</c>, or <c>tcp+tls://…</c> for TLS.
/// Password and user are percent-decoded. The port is 7419 unless named.
/// </summary>
public sealed record FaktoryUrl
{
    /// <summary>The port of a Faktory server's commands when the URL names none.</summary>
    public const int DefaultPort = 7419;

    const string DefaultUrl = "tcp://localhost:7419";

    /// <summary>Host name or IP address, without brackets around IPv6.</summary>
    public required string Host { get; init; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>True for <c>tcp+tls://</c>: the connection is TLS from its first byte.</summary>
    public bool IsTls { get; init; }

    /// <summary>Sent in HELLO for proxies to route on; Faktory servers ignore it.</summary>
    public string? Username { get; init; }

    /// <summary>The server's password, decoded; null where the server has none.</summary>
    public string? Password { get; init; }

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FormatException">It is no Faktory URL; the message names the reason and never the password.</exception>
    public static FaktoryUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryRead(text, out var url, out var refusal) ? url : throw new FormatException(refusal);
    }

    /// <summary>Reads a URL; false when it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out FaktoryUrl? url)
    {
        url = null;
        return text is not null && TryRead(text, out url, out _);
    }

    /// <summary>
    /// The URL in the environment: FAKTORY_PROVIDER names the variable that holds it, FAKTORY_URL holds it otherwise, and with
    /// neither it is <c>tcp://localhost:7419</c>.
    /// </summary>
    /// <exception cref="FormatException">FAKTORY_PROVIDER holds a URL instead of a name, names a variable that is not set, or the URL is wrong.</exception>
    public static FaktoryUrl FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    internal static FaktoryUrl FromEnvironment(Func<string, string?> variable)
    {
        var provider = variable("FAKTORY_PROVIDER");
        if (string.IsNullOrEmpty(provider))
            return Parse(variable("FAKTORY_URL") is { Length: > 0 } url ? url : DefaultUrl);

        // A URL pasted here is a common mistake, and its text would otherwise be looked up as a name.
        if (provider.Contains(':', StringComparison.Ordinal))
            throw new FormatException("FAKTORY_PROVIDER must hold the name of the variable that holds the URL, not the URL itself");

        return variable(provider) is { Length: > 0 } provided
            ? Parse(provided)
            : throw new FormatException($"FAKTORY_PROVIDER names {provider}, which is not set");
    }

    /// <summary>The URL without its password, fit for logs.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{BracketedHost}:{Port}");

    /// <summary>The URL with its credentials, percent-encoded: what goes into FAKTORY_URL. A secret.</summary>
    public string ToConnectionString() => Username is null && Password is null
        ? ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Escaped(Username)}:{Escaped(Password)}@{BracketedHost}:{Port}");

    string Scheme => IsTls ? "tcp+tls" : "tcp";

    string BracketedHost => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    static string Escaped(string? part) => Uri.EscapeDataString(part ?? "");

    static bool TryRead(string text, [NotNullWhen(true)] out FaktoryUrl? url, out string refusal)
    {
        url = null;
        refusal = "a Faktory URL looks like tcp://:password@host:7419 or tcp+tls://:password@host:7419; "
            + "special characters in the password are percent-encoded";
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.IdnHost.Length == 0 || uri.Port == 0)
            return false;

        if (uri.Scheme is not ("tcp" or "tcp+tls"))
        {
            refusal = $"a Faktory URL starts with tcp:// or tcp+tls://, not {uri.Scheme}://";
            return false;
        }

        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        url = new FaktoryUrl
        {
            Host = uri.IdnHost,
            Port = uri.Port > 0 ? uri.Port : DefaultPort,
            IsTls = uri.Scheme == "tcp+tls",
            Username = Decoded(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]),
            Password = colon < 0 ? null : Decoded(uri.UserInfo[(colon + 1)..]),
        };
        return true;
    }

    static string? Decoded(string part) => part.Length == 0 ? null : Uri.UnescapeDataString(part);
}
