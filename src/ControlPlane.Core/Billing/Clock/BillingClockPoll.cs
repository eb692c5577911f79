using System.Data.Common;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing.Clock;

/// <summary>Keeps this process's billing clock to what the database says: from the start, and every second where it can be moved.</summary>
sealed partial class BillingClockPoll(IServiceScopeFactory scopes, BillingClock clock, IOptions<BillingClockOptions> options, TimeProvider system, ILogger<BillingClockPoll> logger) : BackgroundService
{
    static readonly TimeSpan every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, system);
        do
        {
            if (await TryReadAsync(stoppingToken) && !options.Value.ClockIsMovable)
                return;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task<bool> TryReadAsync(CancellationToken cancel)
    {
        try
        {
            await using var fleet = scopes.CreateFleetScope();
            clock.Advance(await fleet.Db.ReadOffsetAsync(cancel));
            return true;
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // Not reachable (EF Core wraps what it takes for transient), or not migrated yet: the process says so elsewhere.
            LogUnread(logger, error);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The billing clock could not be read; it is tried again in a second.")]
    static partial void LogUnread(ILogger logger, Exception error);
}

static class BillingTimes
{
    internal static async Task<long> ReadOffsetAsync(this ControlPlaneDb db, CancellationToken cancel) =>
        await db.BillingTimes.AsNoTracking().Select(t => (long?)t.OffsetTicks).SingleOrDefaultAsync(cancel) ?? 0;
}
