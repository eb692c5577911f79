using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Operations;

public sealed class OperationRunnerOptions
{
    /// <summary>How many steps run at the same time.</summary>
    public int ConcurrencyMax { get; set; } = 8;

    /// <summary>How long a lease lasts unless renewed; a crashed runner's work waits for this.</summary>
    public TimeSpan LeaseFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Looks for work this often although no notification came.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries of a failing step.</summary>
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>
/// Takes the operations whose workflows are registered in this process, step by step. Any number of runners, in any number of
/// processes, share the work: <see cref="OperationLeases"/>. Each step has its own scope and <see cref="ControlPlaneDb"/>.
/// </summary>
public sealed partial class OperationRunner(
    IServiceScopeFactory scopes, OperationSignal signal, IOptions<OperationRunnerOptions> options, TimeProvider clock, Random random, ILogger<OperationRunner> logger) : BackgroundService
{
    static readonly TimeSpan DeadlinesCheckedEvery = TimeSpan.FromSeconds(5);
    readonly OperationRunnerOptions options = options.Value;
    readonly string[] kinds = FindKinds(scopes);
    readonly DueTimes dueTimes = new();
    DateTimeOffset deadlinesCheckedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(step => step.IsCompleted);
                var leased = await TakeAsync(options.ConcurrencyMax - running.Count, stoppingToken);
                running.AddRange(leased.Select(operation => RunAsync(operation, stoppingToken)));
                await AlertMissedDeadlinesAsync(stoppingToken);
                await AwaitWorkAsync(running, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is Npgsql.NpgsqlException or DbUpdateException or InvalidOperationException { InnerException: Npgsql.NpgsqlException })
            {
                // The database is away: nothing is lost, it is asked again.
                LogDatabaseAway(logger, error);
                await Task.WhenAny(Task.Delay(options.PollEvery, clock, stoppingToken));
            }
        }
        await Task.WhenAll(running);
    }

    async Task AwaitWorkAsync(List<Task> running, CancellationToken stopping)
    {
        // A wait that is left behind would take the next signal for itself, and the loop would sleep until it polls.
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var wake = signal.WaitAsync(dueTimes.NextWithin(options.PollEvery, clock.GetUtcNow()), clock, left.Token);
        await Task.WhenAny(running.Append(wake));
        await left.CancelAsync();
        await wake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }

    async Task<List<Operation>> TakeAsync(int most, CancellationToken cancel)
    {
        if (most <= 0 || kinds.Length == 0)
            return [];
        await using var scope = scopes.CreateFleetScope();
        return await OperationLeases.TakeAsync(scope.Db, kinds, Guid.NewGuid(), most, options.LeaseFor, clock.GetUtcNow(), cancel);
    }

    async Task RunAsync(Operation operation, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var finished = new CancellationTokenSource();
        var renewing = RenewAsync(operation, lost, finished.Token);
        try
        {
            await using var scope = scopes.CreateFleetScope();
            var workflow = scope.Services.GetServices<Workflow>().Single(w => w.Kind.Name == operation.Kind);
            var context = new StepContext(operation, scope.Db, clock);
            try
            {
                LogStep(logger, operation.Kind, operation.Id.ToString(), operation.Step, operation.Subject);
                var result = await workflow.RunAsync(context, lost.Token);
                await SaveAsync(workflow, context, result, lost.Token);
            }
            catch (Exception error) when (error is not OperationCanceledException || !lost.IsCancellationRequested)
            {
                LogStepFailed(logger, error, operation.Kind, operation.Id.ToString(), operation.Step, operation.Tries);
                scope.Db.ChangeTracker.Clear();
                await RetryOrGiveUpAsync(workflow, context, error, lost.Token);
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // Stopping, or the lease is another runner's by now: the step runs again from its beginning.
            LogStepLeft(logger, operation.Kind, operation.Id.ToString(), operation.Step);
        }
        catch (Exception error)
        {
            // The outcome could not be saved. The lease runs out and the step runs again.
            LogStepFailed(logger, error, operation.Kind, operation.Id.ToString(), operation.Step, operation.Tries);
        }
        finally
        {
            await finished.CancelAsync();
            await renewing;
        }
    }

    async Task SaveAsync(Workflow workflow, StepContext context, StepResult result, CancellationToken cancel)
    {
        var (db, operation, now) = (context.Db, context.Operation, clock.GetUtcNow());
        if (result is StepResult.Next { After: var after } && after > TimeSpan.Zero)
            dueTimes.Add(now + after);
        else if (result is StepResult.Wait { For: var waitFor })
            dueTimes.Add(now + waitFor);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (result is StepResult.Fail failed)
            await workflow.OnFailedAsync(context, failed.Error, cancel);
        if (result is StepResult.Done or StepResult.Fail && now > operation.DeadlineAt)
            await db.ResolveAlertAsync(Alerts.Alerts.OperationOverdue, operation.Id.ToString(), clock, cancel);
        await db.SaveChangesAsync(cancel);
        var saved = result switch
        {
            StepResult.Next next => await OperationLeases.ReleaseAsync(db, operation, OperationState.Running, next.Step, context.Data, 0, now + next.After, null, null, now, cancel),
            StepResult.Wait wait => await OperationLeases.ReleaseAsync(db, operation, OperationState.Running, operation.Step, context.Data, 0, now + wait.For, null, null, now, cancel),
            StepResult.Done => await OperationLeases.ReleaseAsync(db, operation, OperationState.Succeeded, "done", context.Data, operation.Tries, now, null, null, now, cancel),
            StepResult.Fail fail => await OperationLeases.ReleaseAsync(db, operation, OperationState.Failed, operation.Step, context.Data, operation.Tries, now, fail.Error, operation.ErrorDetail, now, cancel),
            _ => throw new InvalidOperationException($"unknown result {result}"),
        };
        if (!saved)
        {
            LogLeaseLost(logger, operation.Kind, operation.Id.ToString(), operation.Step);
            return; // Rolled back by the transaction's end.
        }
        await transaction.CommitAsync(cancel);
        signal.Set();
    }

    async Task RetryOrGiveUpAsync(Workflow workflow, StepContext context, Exception error, CancellationToken cancel)
    {
        var (operation, now) = (context.Operation, clock.GetUtcNow());
        operation.ErrorDetail = $"{error.GetType().Name}: {error.Message}";
        if (operation.Tries >= workflow.TriesMax)
        {
            await SaveAsync(workflow, context, new StepResult.Fail(workflow.GivenUpMessage), cancel);
            return;
        }
        var again = now + Backoff(operation.Tries);
        dueTimes.Add(again);
        await OperationLeases.ReleaseAsync(context.Db, operation, OperationState.Running, operation.Step, operation.Data, operation.Tries, again, workflow.RetryMessage, operation.ErrorDetail, now, cancel);
    }

    /// <summary>Doubles from a quarter of a second up to the maximum, then a random half to all of it.</summary>
    TimeSpan Backoff(int tries)
    {
        var ceiling = Math.Min(options.BackoffMax.TotalSeconds, 0.25 * Math.Pow(2, Math.Min(tries - 1, 20)));
        lock (random)
            return TimeSpan.FromSeconds(ceiling * (0.5 + random.NextDouble() / 2));
    }

    async Task RenewAsync(Operation operation, CancellationTokenSource lost, CancellationToken finished)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.LeaseFor / 3, clock, finished);
                await using var scope = scopes.CreateFleetScope();
                if (await OperationLeases.RenewAsync(scope.Db, operation, clock.GetUtcNow() + options.LeaseFor, finished))
                    continue;
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
            // The step has ended.
        }
        catch (Exception error)
        {
            // Without a renewal another runner may take the operation: stop working on it.
            LogDatabaseAway(logger, error);
            await lost.CancelAsync();
        }
    }

    async Task AlertMissedDeadlinesAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (now - deadlinesCheckedAt < DeadlinesCheckedEvery)
            return;
        deadlinesCheckedAt = now;
        await using var scope = scopes.CreateFleetScope();
        var late = await scope.Db.Operations
            .Where(o => kinds.Contains(o.Kind) && o.DeadlineAt < now && o.DeadlineMissedAt == null && (o.State == OperationState.Pending || o.State == OperationState.Running))
            .OrderBy(o => o.DeadlineAt).Take(100).ToListAsync(cancel);
        if (late.Count == 0)
            return;
        foreach (var operation in late)
        {
            operation.DeadlineMissedAt = now;
            await scope.Db.RaiseAlertAsync(
                null, Alerts.Alerts.OperationOverdue, AlertSeverity.Critical, operation.Id.ToString(),
                $"{operation.Kind} of {operation.Subject} is at step {operation.Step} after {operation.Tries} tries and past its deadline. {operation.ErrorDetail}", clock, cancel);
        }
        await scope.Db.SaveChangesAsync(cancel);
    }

    static string[] FindKinds(IServiceScopeFactory scopes)
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetServices<Workflow>().Select(workflow => workflow.Kind.Name)];
    }

    [LoggerMessage(LogLevel.Debug, "{Kind} {Operation}: step {Step} on {Subject}.")]
    static partial void LogStep(ILogger logger, string kind, string operation, string step, string subject);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Operation}: step {Step} failed on try {Tries}.")]
    static partial void LogStepFailed(ILogger logger, Exception error, string kind, string operation, string step, int tries);

    [LoggerMessage(LogLevel.Information, "{Kind} {Operation}: step {Step} was left unfinished and will run again.")]
    static partial void LogStepLeft(ILogger logger, string kind, string operation, string step);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Operation}: the lease was lost during step {Step}; what the step wanted to save was dropped.")]
    static partial void LogLeaseLost(ILogger logger, string kind, string operation, string step);

    [LoggerMessage(LogLevel.Warning, "The database did not answer; trying again.")]
    static partial void LogDatabaseAway(ILogger logger, Exception error);
}
