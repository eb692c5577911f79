using System.Data.Common;
using ControlPlane.Core.Data;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ControlPlane.Core.Billing.Inbox;

/// <summary>Keeps the inbox empty: several loops that the database wakes and that poll besides, and one that keeps the operator's alerts true.</summary>
sealed partial class InboxWorker(InboxApplying applying, NpgsqlDataSource database, IServiceScopeFactory scopes, IOptions<InboxOptions> options, TimeProvider clock, ILogger<InboxWorker> logger) : BackgroundService
{
    static readonly TimeSpan reconnectAfter = TimeSpan.FromSeconds(1);

    readonly OperationSignal[] signals = [.. Enumerable.Range(0, options.Value.ConcurrencyMax).Select(_ => new OperationSignal())];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([ForEverAsync(ListenAsync, stoppingToken), ForEverAsync(AlertAsync, stoppingToken), .. signals.Select(signal => ForEverAsync(cancel => WorkAsync(signal, cancel), stoppingToken))]);

    async Task WorkAsync(OperationSignal signal, CancellationToken cancel)
    {
        while (true)
        {
            await applying.DrainAsync(cancel);
            await signal.WaitAsync(options.Value.PollEvery, clock, cancel);
        }
    }

    async Task ListenAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        connection.Notification += (_, _) => WakeAll();
        await using (var listen = new NpgsqlCommand("LISTEN inbox_events", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        WakeAll();
        while (true)
            await connection.WaitAsync(cancel);
    }

    async Task AlertAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(options.Value.AlertEvery, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            await using var fleet = scopes.CreateFleetScope();
            await fleet.Db.RefreshInboxAlertsAsync(clock, cancel);
        }
    }

    void WakeAll()
    {
        foreach (var signal in signals)
            signal.Set();
    }

    /// <summary>The database may go away and come back; two processes may raise the same alert at once.</summary>
    async Task ForEverAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await work(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is DbException or DbUpdateException or InvalidOperationException or IOException or TimeoutException)
            {
                LogBrokeOff(logger, error);
                await Task.WhenAny(Task.Delay(reconnectAfter, clock, cancel));
            }
        }
    }

    public override void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "The inbox of payment events could not be worked on; trying again in a second.")]
    static partial void LogBrokeOff(ILogger logger, Exception error);
}
