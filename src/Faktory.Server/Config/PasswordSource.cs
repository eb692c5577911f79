using Faktory.Server.Connections;

namespace Faktory.Server.Config;

/// <summary>Where the password comes from: FAKTORY_PASSWORD, then the configuration files, then a file beside them.</summary>
static class PasswordSource
{
    /// <exception cref="ConfigurationException">A server outside development has none, or a file cannot be read.</exception>
    internal static PasswordPolicy Find(string environment, string configDirectory, string? configured, Func<string, string?> variable)
    {
        if (variable("FAKTORY_SKIP_PASSWORD") is "1" or "true" or "yes")
            return PasswordPolicy.Open;
        var password = Resolve(variable("FAKTORY_PASSWORD")) ?? Resolve(configured);
        var file = Path.Combine(configDirectory, "password");
        if (password is null && environment != "development" && File.Exists(file))
            password = Resolve(file);
        if (password is null && environment != "development")
            throw new ConfigurationException(
                $"a {environment} server needs a password: set FAKTORY_PASSWORD, write it to {file}, or set FAKTORY_SKIP_PASSWORD=1 to do without");
        return password is null ? PasswordPolicy.Open : new PasswordPolicy([new Password(password)]);
    }

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
