using Faktory.Server.Engine;
using Faktory.Server.Metrics;

namespace Faktory.Server.Connections;

/// <summary>What all connections share. The properties that can change are replaced as a whole; a connection reads them when it needs them.</summary>
sealed class ServerState(TimeProvider clock)
{
    volatile EngineLoop? _engine;
    volatile ServerLimits _limits = new();
    volatile PasswordPolicy _passwords = PasswordPolicy.Open;

    internal TimeProvider Clock => clock;

    internal Traffic Traffic { get; } = new(clock);

    /// <summary>Null while no commands can be served.</summary>
    internal EngineLoop? Engine { get => _engine; set => _engine = value; }

    internal ServerLimits Limits { get => _limits; set => _limits = value; }

    internal PasswordPolicy Passwords { get => _passwords; set => _passwords = value; }
}
