using System.Collections.Concurrent;
using Faktory.Server.Engine;
using Faktory.Server.Metrics;
using Faktory.Server.Ui.Brands;
using Microsoft.AspNetCore.Connections;

namespace Faktory.Server.Connections;

/// <summary>What all connections share. The properties that can change are replaced as a whole; a connection reads them when it needs them.</summary>
sealed class ServerState(TimeProvider clock)
{
    readonly ConcurrentDictionary<ConnectionContext, bool> _open = [];
    volatile EngineLoop? _engine;
    volatile Readiness _readiness = Readiness.Starting;
    volatile ServerLimits _limits = new();
    volatile IAnswerSender _sender = PoolSender.Instance;
    volatile PasswordPolicy _passwords = PasswordPolicy.Open;
    volatile PasswordPolicy? _webPasswords;
    volatile bool _allowsEnqueue;
    volatile Brand? _brand;

    internal TimeProvider Clock => clock;

    internal Traffic Traffic { get; } = new(clock);

    internal PasswordTries PasswordTries { get; } = new(clock);

    /// <summary>Those at the web UI, counted apart: behind a proxy all who guess there have an address that workers may have too.</summary>
    internal PasswordTries WebPasswordTries { get; } = new(clock);

    /// <summary>Null while no commands can be served.</summary>
    internal EngineLoop? Engine { get => _engine; set => _engine = value; }

    /// <summary>Sends the engine's answers.</summary>
    internal IAnswerSender Sender { get => _sender; set => _sender = value; }

    internal Readiness Readiness { get => _readiness; set => _readiness = value; }

    internal ServerLimits Limits { get => _limits; set => _limits = value; }

    internal PasswordPolicy Passwords { get => _passwords; set => _passwords = value; }

    /// <summary>The web UI's own password; null when the server's open it.</summary>
    internal PasswordPolicy? WebPasswords { get => _webPasswords; set => _webPasswords = value; }

    /// <summary>Whether people may push jobs in the web UI.</summary>
    internal bool AllowsEnqueue { get => _allowsEnqueue; set => _allowsEnqueue = value; }

    /// <summary>Under whose name the web UI is shown; null for its own.</summary>
    internal Brand? Brand { get => _brand; set => _brand = value; }

    internal void Opened(ConnectionContext connection)
    {
        _open.TryAdd(connection, true);
        Traffic.Opened();
    }

    internal void Closed(ConnectionContext connection)
    {
        _open.TryRemove(connection, out _);
        Traffic.Closed();
    }

    /// <summary>Closes all connections at once.</summary>
    internal void DropAll()
    {
        foreach (var connection in _open.Keys)
            connection.Abort();
    }
}
