using Npgsql;

namespace Provisioner.Health;

/// <summary>Work that is done again and again, by one Provisioner at a time. A round that fails is logged and the next one tries afresh.</summary>
abstract partial class Rounds(NpgsqlDataSource database, long leadership, TimeSpan every, TimeProvider clock, ILogger log) : BackgroundService
{
    protected TimeProvider Clock => clock;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        do
        {
            try
            {
                await using var lead = await Leadership.TryTakeAsync(database, leadership, stoppingToken);
                if (lead is not null)
                    await RunOnceAsync(stoppingToken);
            }
            // Whatever one round met, the instances must be looked after in the next.
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogRoundFailed(log, fault, GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    protected abstract Task RunOnceAsync(CancellationToken cancel);

    [LoggerMessage(LogLevel.Warning, "A round of {Rounds} failed; the next one tries again.")]
    static partial void LogRoundFailed(ILogger log, Exception fault, string rounds);
}
