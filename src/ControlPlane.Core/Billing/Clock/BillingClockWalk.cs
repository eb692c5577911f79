using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ControlPlane.Core.Billing.Clock;

/// <param name="Stops">How many moments had their work done.</param>
public sealed record ClockWalk(DateTimeOffset From, DateTimeOffset To, int Stops);

/// <summary>Moves the billing clock, and does on the way what time would have brought.</summary>
public sealed class BillingClockWalk(BillingClock clock, IEnumerable<IBillingClockWork> work, IServiceScopeFactory scopes, NpgsqlDataSource database, TimeProvider system)
{
    /// <summary>How far in one walk.</summary>
    public static readonly TimeSpan LongestWalk = TimeSpan.FromDays(400);

    /// <summary>
    /// From one midnight (UTC) to the next and at last to <paramref name="target"/>; at each stop the clock stands still while all work of that moment is done. Stopped on the way, the clock is
    /// where it came to.
    /// </summary>
    /// <returns>Null when somebody else is moving it.</returns>
    public async Task<ClockWalk?> WalkAsync(DateTimeOffset target, string actor, CancellationToken cancel)
    {
        // A lock of a session: PostgreSQL releases it when the process dies.
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended('billing clock', 0))", connection);
        if (await take.ExecuteScalarAsync(cancel) is not true)
            return null;
        try
        {
            await using (var fleet = scopes.CreateFleetScope())
                clock.Advance(await fleet.Db.ReadOffsetAsync(cancel));
            var (from, stops) = (clock.GetUtcNow(), 0);
            for (var at = from; at < target; stops++)
            {
                var midnight = new DateTimeOffset(at.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
                at = midnight < target ? midnight : target;
                await StopAtAsync(at, actor, cancel);
            }
            return new ClockWalk(from, clock.GetUtcNow(), stops);
        }
        finally
        {
            clock.LetGo();
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    async Task StopAtAsync(DateTimeOffset at, string actor, CancellationToken cancel)
    {
        var offset = (at - system.GetUtcNow()).Ticks;
        await using (var fleet = scopes.CreateFleetScope())
        {
            var now = system.GetUtcNow();
            await fleet.Db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO billing_times (id, offset_ticks, advanced_at, advanced_by) VALUES ({BillingTime.OnlyId}, {offset}, {now}, {actor})
                ON CONFLICT (id) DO UPDATE SET offset_ticks = greatest(billing_times.offset_ticks, excluded.offset_ticks), advanced_at = excluded.advanced_at, advanced_by = excluded.advanced_by
                """,
                cancel);
        }
        clock.HoldAt(at);
        clock.Advance(offset);
        foreach (var one in work.OrderBy(w => w.Order).ThenBy(w => w.GetType().FullName, StringComparer.Ordinal))
        {
            await using var fleet = scopes.CreateFleetScope();
            await one.RunDueAsync(fleet.Services, at, cancel);
        }
    }
}
