using System.Text.Json;
using Faktory.Server.Connections;
using Faktory.Server.Features;
using Faktory.Server.Storage;

namespace Faktory.Server.Config;

/// <summary>The instance file on disk and the configuration in force. Replaced whole, synced, and only then followed. One caller at a time.</summary>
sealed class InstanceFile
{
    readonly string _path;

    InstanceFile(string path, InstanceConfig config)
    {
        _path = path;
        Config = config;
    }

    internal InstanceConfig Config { get; private set; }

    /// <exception cref="ConfigurationException">It is missing, or not such a file.</exception>
    internal static InstanceFile Load(string path)
    {
        try
        {
            var config = JsonSerializer.Deserialize(File.ReadAllBytes(path), InstanceJson.Default.InstanceConfig)
                ?? throw new ConfigurationException($"the instance file {path} is empty");
            Check(config);
            return new InstanceFile(path, config);
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"the instance file {path} is not valid: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"cannot read the instance file: {e.Message}");
        }
    }

    /// <summary>Replaces everything but the admin token.</summary>
    /// <exception cref="ConfigurationException">The new configuration cannot be used; the old one stays in force.</exception>
    internal void Replace(InstanceConfig config)
    {
        Check(config);
        config = config with { AdminToken = Config.AdminToken };
        SyncedFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(config, InstanceJson.Default.InstanceConfig));
        Config = config;
    }

    internal PasswordPolicy Passwords(bool allowsSingleHash) =>
        new([.. (Config.Passwords ?? []).Select(p => new Password(p.Value!, p.ExpiresAt))], allowsSingleHash);

    static void Check(InstanceConfig config)
    {
        if (config.Passwords is not { Count: > 0 })
            throw new ConfigurationException("passwords must hold at least one: without any, everybody could connect");
        if (config.Passwords.Any(p => string.IsNullOrEmpty(p.Value)))
            throw new ConfigurationException("passwords must each have a value");
        config.Limits?.Check();
        FeatureSet.Read(config.Features);
        CronSettings.Read(config.Cron);
        WeightSettings.Read(config.Weights);
        ThrottleSettings.Read(config.Throttles, config.JobtypeThrottles);
        BrandSettings.Read(config.Brand);
    }
}
