using Tomlyn.Serialization;

namespace Faktory.Server.Config;

/// <summary>The table <c>[statsd]</c>, with the keys that Faktory Enterprise has.</summary>
sealed class StatsdSettings
{
    internal static readonly string[] Keys = ["location", "namespace", "tags", "bufferSize", "queueLatency"];

    /// <summary><c>host:port</c> of a statsd or DogStatsD that listens on UDP.</summary>
    public string? Location { get; set; }

    /// <summary>In front of every name.</summary>
    public string Namespace { get; set; } = "faktory.";

    /// <summary>Added to every metric, as DogStatsD has them: <c>env:production</c>.</summary>
    public List<string> Tags { get; set; } = [];

    /// <summary>How many metrics go into one packet at most.</summary>
    [TomlPropertyName("bufferSize")]
    public int BufferSize { get; set; } = 15;

    /// <summary>The queues whose latency is sent; all that there are when none is named.</summary>
    [TomlPropertyName("queueLatency")]
    public List<string> QueueLatency { get; set; } = [];

    [TomlExtensionData]
    public Dictionary<string, object?> Unknown { get; set; } = [];

    /// <summary>From the file, else from the variables that DogStatsD's own clients read; null for nowhere.</summary>
    /// <exception cref="ConfigurationException">A table without a location, or a variable that is no address.</exception>
    internal static StatsdSettings? Find(StatsdSettings? configured, Func<string, string?> variable)
    {
        if (configured is not null)
        {
            if (string.IsNullOrEmpty(configured.Location))
                throw new ConfigurationException("[statsd] needs a location: host:port");
            if (configured.BufferSize < 1)
                throw new ConfigurationException("bufferSize in [statsd] must be at least 1");
            return Checked(configured);
        }
        const string Scheme = "udp://";
        if (variable("DD_DOGSTATSD_URL") is { Length: > 0 } url)
        {
            return url.StartsWith(Scheme, StringComparison.Ordinal)
                ? Checked(new StatsdSettings { Location = url[Scheme.Length..] })
                : throw new ConfigurationException($"DD_DOGSTATSD_URL must be udp://host:port, and is {url}");
        }
        return variable("DD_AGENT_HOST") is { Length: > 0 } host
            ? Checked(new StatsdSettings { Location = $"{host}:{variable("DD_DOGSTATSD_PORT") ?? "8125"}" })
            : null;
    }

    static StatsdSettings Checked(StatsdSettings settings)
    {
        Binding.Split(settings.Location!);
        return settings;
    }
}
