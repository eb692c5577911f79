using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing.Inbox;

/// <summary>
/// Applies what waits in the inbox, an object at a time: everything that follows from it, the ledger included, and the mark on its events are one transaction. Killed anywhere before the commit,
/// nothing has happened, and the object is read again. Safe for any number of callers, in any number of processes.
/// </summary>
public sealed partial class InboxApplying(IServiceScopeFactory scopes, IOptions<InboxOptions> options, InboxMetrics metrics, Random random, TimeProvider clock, ILogger<InboxApplying> logger)
{
    const int ErrorLengthMax = 1000;

    /// <summary>Until nothing is due, or somebody else has it.</summary>
    /// <returns>How many objects were read.</returns>
    public async Task<int> DrainAsync(CancellationToken cancel)
    {
        for (var objects = 0; ; objects++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!await ApplyNextAsync(cancel))
                return objects;
        }
    }

    /// <returns>False when there is nothing to do now.</returns>
    public async Task<bool> ApplyNextAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var db = fleet.Db;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.ClaimAsync(clock.GetUtcNow(), cancel) is not { } batch)
            return false;
        // Whoever had the customer before has taken these along.
        if (batch.Events is [])
            return true;
        try
        {
            metrics.Fetched();
            var result = await fleet.Services.GetRequiredService<IStripeConvergence>().ConvergeAsync(db, batch.ObjectType, batch.ObjectId, cancel);
            await db.SaveChangesAsync(cancel);
            var (state, error) = result == ConvergenceResult.Applied ? (InboxState.Done, null) : (InboxState.Parked, $"There is no {batch.ObjectType} {batch.ObjectId} at the provider.");
            var now = clock.GetUtcNow();
            await db.FinishAsync(batch, state, error, now, cancel);
            await transaction.CommitAsync(cancel);
            metrics.Finished(batch, state.ToText(), now);
            return true;
        }
        // Whatever went wrong with one object is its own: it waits, and the others go on.
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            await transaction.RollbackAsync(cancel);
            await PutBackAsync(batch, error, cancel);
            return true;
        }
    }

    async Task PutBackAsync(InboxBatch batch, Exception error, CancellationToken cancel)
    {
        metrics.Failed();
        await using var fleet = scopes.CreateFleetScope();
        var (now, text) = (clock.GetUtcNow(), error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message);
        text = text.Length > ErrorLengthMax ? text[..ErrorLengthMax] : text;
        foreach (var claimed in batch.Events)
        {
            var isDead = claimed.Attempts + 1 >= options.Value.AttemptsMax;
            await fleet.Db.PutBackAsync(claimed, isDead ? InboxState.Dead : InboxState.Pending, text, now + options.Value.RetryAfter(claimed.Attempts, random), now, cancel);
            if (isDead)
                LogDead(logger, claimed.Id.ToString(), batch.ObjectType, batch.ObjectId);
        }
        LogFailed(logger, error, batch.ObjectType, batch.ObjectId);
    }

    [LoggerMessage(LogLevel.Warning, "{ObjectType} {ObjectId} could not be brought up to date and is tried again.")]
    static partial void LogFailed(ILogger logger, Exception error, string objectType, string objectId);

    [LoggerMessage(LogLevel.Error, "Event {Event} about {ObjectType} {ObjectId} was tried as often as it may be; a person has to look at it.")]
    static partial void LogDead(ILogger logger, string @event, string objectType, string objectId);
}
