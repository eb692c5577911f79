using System.CommandLine;
using Faktory.Server.Config;

namespace Faktory.Server.Cli;

/// <summary>The flags that several verbs share, and where their values come from when they are not given.</summary>
static class Flags
{
    internal static readonly Option<string> Environment = new("-e") { Description = "development, staging or production", HelpName = "environment" };
    internal static readonly Option<string> Data = new("-d") { Description = "where jobs are stored", HelpName = "folder" };
    internal static readonly Option<string> Config = new("-c") { Description = "where configuration is read from", HelpName = "folder" };
    internal static readonly Option<string> Admin = new("--admin") { Description = "where the operator is served; off unless given", HelpName = "host:port" };
    internal static readonly Option<string> Instance = new("--instance-file") { Description = "a JSON file with passwords and limits", HelpName = "file" };
    internal static readonly Option<string> Token = new("--token") { Description = "the admin token, instead of FAKTORY_ADMIN_TOKEN or the instance file's", HelpName = "token" };
    internal static readonly Option<string> Url = new("--url") { Description = "the server, instead of FAKTORY_URL", HelpName = "tcp://:password@host:port" };
    internal static readonly Option<bool> Json = new("--json") { Description = "answer in JSON" };

    static Flags() => Environment.AcceptOnlyFromAmong("development", "staging", "production");

    internal static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <exception cref="ConfigurationException">FAKTORY_ENV is none of the three.</exception>
    internal static string EnvironmentOf(ParseResult flags)
    {
        var environment = flags.GetValue(Environment) ?? Variable("FAKTORY_ENV") ?? "development";
        return environment is "development" or "staging" or "production"
            ? environment
            : throw new ConfigurationException($"FAKTORY_ENV is \"{environment}\": it must be development, staging or production");
    }

    internal static string DataOf(ParseResult flags) =>
        flags.GetValue(Data) ?? (EnvironmentOf(flags) == "development" ? Path.Combine(Home, "db") : "/var/lib/faktory/db");

    internal static string ConfigOf(ParseResult flags) =>
        flags.GetValue(Config) ?? (EnvironmentOf(flags) == "development" ? Home : "/etc/faktory");

    internal static string? AdminOf(ParseResult flags) => flags.GetValue(Admin) ?? Variable("FAKTORY_ADMIN_BINDING");

    /// <exception cref="ConfigurationException">The instance file cannot be read.</exception>
    internal static string? TokenOf(ParseResult flags) =>
        flags.GetValue(Token) ?? Variable("FAKTORY_ADMIN_TOKEN") ?? (InstanceOf(flags) is { } file ? InstanceFile.Load(file).Config.AdminToken : null);

    internal static string? InstanceOf(ParseResult flags) => flags.GetValue(Instance) ?? Variable("FAKTORY_INSTANCE_FILE");

    static string Home => Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".faktory");
}
