using System.Text.Json.Serialization;
using Tomlyn;
using Tomlyn.Serialization;

namespace Faktory.Server.Config;

/// <summary>What the files <c>conf.d/*.toml</c> say. They are one document, put together in the order of their names, so a table may stand in one of them only.</summary>
sealed class TomlSettings
{
    public ListenerSettings? Faktory { get; set; }

    public ListenerSettings? Web { get; set; }

    public LimitSettings? Limits { get; set; }

    public StatsdSettings? Statsd { get; set; }

    public StorageSettings? Storage { get; set; }

    /// <summary>By queue.</summary>
    public Dictionary<string, ThrottleSettings>? Throttles { get; set; }

    /// <summary>By type of job.</summary>
    public Dictionary<string, ThrottleSettings>? JobtypeThrottles { get; set; }

    public List<CronSettings>? Cron { get; set; }

    /// <summary>By queue.</summary>
    public Dictionary<string, int>? Weights { get; set; }

    [TomlExtensionData]
    public Dictionary<string, object?> Unknown { get; set; } = [];

    /// <summary>What the files say and nobody reads.</summary>
    internal IEnumerable<string> Warnings =>
    [
        .. UnknownKeys.Describe("", Unknown, ["faktory", "web", "limits", "statsd", "storage", "throttles", "jobtype_throttles", "cron", "weights"]),
        .. UnknownKeys.Describe("faktory", Faktory?.Unknown, ["binding", "password", "allow_single_hash"]),
        .. UnknownKeys.Describe("web", Web?.Unknown, ["binding", "password", "enqueue"]),
        .. UnknownKeys.Describe("limits", Limits?.Unknown, LimitSettings.Names),
        .. UnknownKeys.Describe("statsd", Statsd?.Unknown, StatsdSettings.Keys),
        .. (Throttles ?? []).SelectMany(t => UnknownKeys.Describe($"throttles.{t.Key}", t.Value.Unknown, ThrottleSettings.Names)),
        .. (JobtypeThrottles ?? []).SelectMany(t => UnknownKeys.Describe($"jobtype_throttles.{t.Key}", t.Value.Unknown, ThrottleSettings.Names)),
        .. (Cron ?? []).SelectMany(c => UnknownKeys.Describe("cron", c.Unknown, CronSettings.Names).Concat(UnknownKeys.Describe("cron.job", c.Job?.Unknown, CronJobSettings.Names))),
        .. UnknownKeys.Describe("storage", Storage?.Unknown, ["durability"]),
    ];

    /// <exception cref="ConfigurationException">A file cannot be read, or is not TOML.</exception>
    internal static TomlSettings Load(string configDirectory)
    {
        var folder = Path.Combine(configDirectory, "conf.d");
        try
        {
            if (!Directory.Exists(folder))
                return new TomlSettings();
            var files = Directory.GetFiles(folder, "*.toml").Order(StringComparer.Ordinal).Select(File.ReadAllText);
            return TomlSerializer.Deserialize(string.Join('\n', files), TomlContext.Default.TomlSettings) ?? new TomlSettings();
        }
        catch (TomlException e)
        {
            throw new ConfigurationException($"{folder}/*.toml, read as one document: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"cannot read {folder}: {e.Message}");
        }
    }
}

sealed class ListenerSettings
{
    public string? Binding { get; set; }

    /// <summary>The password, or the path of a file that holds it.</summary>
    public string? Password { get; set; }

    /// <summary>Only for commands: see <see cref="Connections.PasswordPolicy"/>.</summary>
    public bool AllowSingleHash { get; set; }

    /// <summary>Only for the web UI: whether jobs can be enqueued there.</summary>
    public bool Enqueue { get; set; }

    [TomlExtensionData]
    public Dictionary<string, object?> Unknown { get; set; } = [];
}

sealed class StorageSettings
{
    /// <summary>See <see cref="Engine.Durability.Parse"/>.</summary>
    public string? Durability { get; set; }

    [TomlExtensionData]
    public Dictionary<string, object?> Unknown { get; set; } = [];
}

[TomlSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[TomlSerializable(typeof(TomlSettings))]
sealed partial class TomlContext : TomlSerializerContext;
