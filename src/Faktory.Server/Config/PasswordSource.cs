using Faktory.Server.Connections;

namespace Faktory.Server.Config;

/// <summary>Where the password comes from: FAKTORY_PASSWORD, then the configuration files, then a file beside them.</summary>
static class PasswordSource
{
    const string SystemFile = "/etc/faktory/password";

    /// <exception cref="ConfigurationException">A server outside development has none, or a file cannot be read.</exception>
    internal static PasswordPolicy Find(string environment, string configDirectory, ListenerSettings? configured, Func<string, string?> variable)
    {
        var isDevelopment = environment == "development";
        var file = Path.Combine(configDirectory, "password");
        var password = Resolve(variable("FAKTORY_PASSWORD")) ?? Resolve(configured?.Password);
        if (password is null && !isDevelopment)
            password = ResolveExisting(file) ?? ResolveExisting(SystemFile);
        if (password is not null)
            return new PasswordPolicy([new Password(password)], configured?.AllowSingleHash ?? false);
        // Skipping allows a server to go without; it does not open one that was given a password.
        if (isDevelopment || variable("FAKTORY_SKIP_PASSWORD") is "1" or "true" or "yes")
            return PasswordPolicy.Open;
        throw new ConfigurationException(
            $"a {environment} server needs a password: set FAKTORY_PASSWORD, write it to {file}, or set FAKTORY_SKIP_PASSWORD=1 to do without");
    }

    /// <summary>The web UI's own; null when it has none.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read.</exception>
    internal static PasswordPolicy? FindForWeb(ListenerSettings? configured) =>
        Resolve(configured?.Password) is { } password ? new PasswordPolicy([new Password(password)]) : null;

    static string? ResolveExisting(string file) => File.Exists(file) ? Resolve(file) : null;

    // "/path" is a file to read, as container secrets are given.
    static string? Resolve(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return null;
        if (!value.StartsWith('/'))
            return value;
        try
        {
            return File.ReadAllText(value).Trim() is { Length: > 0 } password ? password : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"cannot read the password from {value}: {e.Message}");
        }
    }
}
