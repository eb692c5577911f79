using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ControlPlane.Api.Http;

/// <summary>Removes answers that are older than their keys are honoured.</summary>
sealed partial class ForgottenAnswers(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgottenAnswers> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await RemoveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    internal async Task RemoveAsync(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateFleetScope();
            var before = clock.GetUtcNow() - IdempotentAnswers.KeptFor;
            await scope.Db.IdempotencyRecords.Where(r => r.CreatedAt < before).ExecuteDeleteAsync(cancel);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            LogFailed(logger, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old answers could not be removed; trying again in an hour.")]
    static partial void LogFailed(ILogger logger, Exception error);
}
