using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger;

/// <summary>
/// A closed month never changes: the database refuses any journal that would be posted into it. Whoever closes waits for those who are posting, and they for it.
/// </summary>
public static class MonthClosing
{
    /// <param name="month">Its first day.</param>
    /// <returns>False when it was closed before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not over yet, in UTC.</exception>
    public static async Task<bool> CloseMonthAsync(this ControlPlaneDb db, DateOnly month, Actor actor, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        ArgumentOutOfRangeException.ThrowIfNotEqual(month.Day, 1, nameof(month));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month.AddMonths(1), DateOnly.FromDateTime(now.UtcDateTime), nameof(month));
        return await db.Database.ExecuteSqlAsync($"INSERT INTO closed_months (month, closed_at, closed_by) VALUES ({month}, {now}, {actor.Id}) ON CONFLICT (month) DO NOTHING", cancel) > 0;
    }
}
