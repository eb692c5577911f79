namespace Faktory.Server.Workers;

/// <summary>
/// What the engine knows of a connection. Written by the connection before the engine hears of it;
/// afterwards only <see cref="IsGone"/> changes, which any thread may set and read.
/// </summary>
sealed class Session(Action drop)
{
    volatile bool _isGone;

    /// <summary>The worker process it belongs to; empty for a mere producer.</summary>
    internal string Wid { get; init; } = "";
    internal string Hostname { get; init; } = "";
    internal long ProcessId { get; init; }
    internal IReadOnlyList<string> Labels { get; init; } = [];
    internal int ProtocolVersion { get; init; }
    internal long RssKilobytes { get; init; }

    /// <summary>The client has hung up: no job may be given to it any more.</summary>
    internal bool IsGone => _isGone;

    internal void MarkGone() => _isGone = true;

    /// <summary>Closes the connection, from the engine's side.</summary>
    internal void Drop() => drop();
}
