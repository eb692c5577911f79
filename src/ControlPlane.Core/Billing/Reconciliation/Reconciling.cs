using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing.Reconciliation;

/// <summary>
/// Asks the payment provider instead of waiting to be told: each hour for events that never came, each day for everything. One comparison that fails keeps no other from being made. One at a time;
/// the caller sees to that.
/// </summary>
public sealed partial class Reconciling(
    IServiceScopeFactory scopes, IEnumerable<IEventReading> readings, IEnumerable<IComparison> comparisons, IOptions<InboxOptions> options, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock,
    ILogger<Reconciling> logger)
{
    /// <summary>As long as Stripe keeps events.</summary>
    static readonly TimeSpan longest = TimeSpan.FromDays(30);

    /// <summary>Events appear in the list a little later than they happen, and clocks differ.</summary>
    static readonly TimeSpan overlap = TimeSpan.FromHours(2);

    const int ErrorLengthMax = 1000;

    /// <summary>Reads the list of events from where the last reading that came to its end had begun, a little earlier.</summary>
    public async Task ReadEventsAsync(CancellationToken cancel)
    {
        if (!readings.Any())
            return;
        await using var fleet = scopes.CreateFleetScope();
        var now = billing.GetUtcNow();
        var last = await fleet.Db.ReconciliationRuns.Where(r => r.Kind == ReconciliationKind.Events && r.FinishedAt != null && r.Error == null).OrderByDescending(r => r.StartedAt).Select(r => (DateTimeOffset?)r.Until).FirstOrDefaultAsync(cancel);
        var since = last - overlap is { } from && from > now - longest ? from : now - longest;
        var run = await BeginAsync(fleet.Db, ReconciliationKind.Events, now, cancel);
        foreach (var reading in readings)
        {
            await TryAsync(run, "events", async () =>
            {
                var (looked, found) = await reading.ReadAsync(fleet.Db, since, cancel);
                (run.Looked, run.Found) = (run.Looked + looked, run.Found + found);
            }, cancel);
        }
        await EndAsync(fleet.Db, run, cancel);
    }

    /// <summary>Compares everything, and forgets what is old enough.</summary>
    public async Task CompareAsync(CancellationToken cancel)
    {
        var now = billing.GetUtcNow();
        await using var fleet = scopes.CreateFleetScope();
        var run = await BeginAsync(fleet.Db, ReconciliationKind.Full, now, cancel);
        foreach (var comparison in comparisons.OrderBy(c => c.Kind))
        {
            await using var own = scopes.CreateFleetScope();
            await TryAsync(run, comparison.Kind.ToText(), async () =>
            {
                var open = await own.Db.Differences.Where(d => d.Kind == comparison.Kind && d.ResolvedAt == null).Select(d => d.Subject).Distinct().ToListAsync(cancel);
                var compared = await comparison.CompareAsync(own.Db, open, now, cancel);
                run.Looked += compared.Looked.Count;
                run.Found += await own.Db.KeepAsync(comparison.Kind, compared, clock, cancel);
            }, cancel);
        }
        await fleet.Db.RefreshDifferenceAlertAsync(clock, cancel);
        await EndAsync(fleet.Db, run, cancel);
        await fleet.Db.ForgetOldEventsAsync(options.Value.KeptFor, clock, cancel);
    }

    async Task<ReconciliationRun> BeginAsync(ControlPlaneDb db, ReconciliationKind kind, DateTimeOffset until, CancellationToken cancel)
    {
        var run = new ReconciliationRun { Id = ReconciliationRunId.New(clock), Kind = kind, StartedAt = clock.GetUtcNow(), Until = until };
        db.ReconciliationRuns.Add(run);
        await db.SaveChangesAsync(cancel);
        return run;
    }

    async Task EndAsync(ControlPlaneDb db, ReconciliationRun run, CancellationToken cancel)
    {
        run.FinishedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Whatever a provider answers, or does not, is the failure of this part alone.</summary>
    async Task TryAsync(ReconciliationRun run, string what, Func<Task> part, CancellationToken cancel)
    {
        try
        {
            await part();
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            var said = $"{run.Error} {what}: {error.Message}".Trim();
            run.Error = said.Length > ErrorLengthMax ? said[..ErrorLengthMax] : said;
            LogFailed(logger, error, what);
        }
    }

    [LoggerMessage(LogLevel.Error, "The {What} of the payment provider could not be compared; the next time is another try.")]
    static partial void LogFailed(ILogger logger, Exception error, string what);
}

public static class ReconcilingSetup
{
    /// <summary>With what is compared without a provider. A provider adds its own <see cref="IComparison"/> and <see cref="IEventReading"/>.</summary>
    public static IServiceCollection AddReconciling(this IServiceCollection services) => services.AddSingleton<Reconciling>().AddSingleton<IComparison, EntitlementComparison>();
}
