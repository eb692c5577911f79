namespace Provisioner.Engines;

/// <summary>The engines of this Provisioner, and which of them takes new instances. Safe for any number of callers.</summary>
sealed partial class EngineSet(IEnumerable<IInstanceEngine> engines, string choice, ILogger<EngineSet> log) : IDisposable
{
    readonly Dictionary<string, IInstanceEngine> byName = engines.ToDictionary(engine => engine.Name);
    readonly SemaphoreSlim choosing = new(1);
    IInstanceEngine? chosen;

    public IInstanceEngine Get(string name) =>
        byName.TryGetValue(name, out var engine) ? engine : throw new EngineUnavailableException($"this Provisioner has no engine {name}");

    /// <summary>Chosen once: an engine that is away for a minute must not send its customers' next instances elsewhere.</summary>
    public async Task<IInstanceEngine> ForNewInstancesAsync(CancellationToken cancel)
    {
        if (chosen is not null)
            return chosen;
        await choosing.WaitAsync(cancel);
        try
        {
            if (chosen is not null)
                return chosen;
            chosen = choice != "auto" ? Get(choice) : await Get("docker").AnswersAsync(cancel) ? Get("docker") : Get("process");
            LogChosen(chosen.Name);
            return chosen;
        }
        finally
        {
            choosing.Release();
        }
    }

    public void Dispose() => choosing.Dispose();

    [LoggerMessage(LogLevel.Information, "New instances run on the engine {Engine}.")]
    partial void LogChosen(string engine);
}
