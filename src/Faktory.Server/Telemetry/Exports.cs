using Faktory.Server.Config;
using Faktory.Server.Connections;

namespace Faktory.Server.Telemetry;

/// <summary>Where the metrics are sent. Changed as a whole when the configuration is read again. One caller at a time.</summary>
sealed class Exports(ServerState state) : IAsyncDisposable
{
    readonly List<PeriodicExport> _started = [];

    internal void Follow(ServerOptions options)
    {
        // Those that were ended before are awaited with the rest.
        foreach (var export in _started)
            export.Stop();
        if (options.Statsd is { } statsd)
            _started.Add(StatsdExport.Start(state, statsd));
        if (options.Otlp is { } otlp)
            _started.Add(OtlpExport.Start(state, otlp));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var export in _started)
            await export.DisposeAsync();
    }
}
