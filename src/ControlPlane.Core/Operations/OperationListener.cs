using ControlPlane.Core.Ids;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ControlPlane.Core.Operations;

/// <summary>
/// Listens to the database's two channels: <c>operations</c> (something was filed or woken) wakes the runner, <c>operation_finished</c>
/// completes those who wait for one. Both are hints: runner and waiters also poll, so a lost notification costs time, never work.
/// </summary>
public sealed partial class OperationListener(NpgsqlDataSource database, OperationSignal signal, OperationCompletions completions, TimeProvider clock, ILogger<OperationListener> logger) : BackgroundService
{
    static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or IOException or TimeoutException)
            {
                LogListeningBroke(logger, error);
                await Task.WhenAny(Task.Delay(ReconnectAfter, clock, stoppingToken));
            }
        }
    }

    async Task ListenAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        connection.Notification += (_, notification) =>
        {
            if (notification.Channel == "operations")
                signal.Set();
            else if (Guid.TryParse(notification.Payload, out var id))
                completions.Complete(new OperationId(id));
        };
        await using (var listen = new NpgsqlCommand("LISTEN operations; LISTEN operation_finished", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        signal.Set();
        while (true)
            await connection.WaitAsync(cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Listening for operations broke off; connecting again.")]
    static partial void LogListeningBroke(ILogger logger, Exception error);
}
