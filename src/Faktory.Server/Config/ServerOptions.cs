using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Microsoft.Extensions.Logging;

namespace Faktory.Server.Config;

/// <summary>Everything a server is started with, whichever of flags, environment and files it came from.</summary>
sealed record ServerOptions
{
    internal const string DefaultCommandBinding = "localhost:7419";
    internal const string DefaultWebBinding = "localhost:7420";
    internal const string NoWebBinding = ":0";

    internal string CommandBinding { get; init; } = DefaultCommandBinding;

    /// <summary><c>:0</c> means no web UI.</summary>
    internal string WebBinding { get; init; } = DefaultWebBinding;

    internal required string DataDirectory { get; init; }

    internal string? ConfigDirectory { get; init; }

    internal LogLevel LogLevel { get; init; } = LogLevel.Information;

    internal PasswordPolicy Passwords { get; init; } = PasswordPolicy.Open;

    /// <summary>The web UI's own password; null when the server's open it.</summary>
    internal PasswordPolicy? WebPasswords { get; init; }

    /// <summary>Whether jobs can be enqueued in the web UI; the instance file may say otherwise.</summary>
    internal bool AllowsEnqueue { get; init; }

    /// <summary>Whether clients below protocol version 2 may hash the password once.</summary>
    internal bool AllowsSingleHash { get; init; }

    /// <summary>Where the operator is served; null for nowhere.</summary>
    internal string? AdminBinding { get; init; }

    /// <summary>The file that holds passwords, limits and the admin token; null when flags and environment rule.</summary>
    internal string? InstanceFile { get; init; }

    /// <summary>Where metrics are sent as statsd; null for nowhere.</summary>
    internal StatsdSettings? Statsd { get; init; }

    /// <summary>Where metrics are sent by OTLP; null for nowhere.</summary>
    internal OtlpSettings? Otlp { get; init; }

    /// <summary>What is wrong with the configuration and does not stop the server.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    internal Durability Durability { get; init; } = Durability.Sync;

    internal ServerLimits Limits { get; init; } = new();

    /// <summary>From flags and files; those of the instance file come on top.</summary>
    internal EngineRules Rules { get; init; } = EngineRules.Default;
}
