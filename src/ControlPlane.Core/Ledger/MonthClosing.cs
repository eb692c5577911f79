using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Statements;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger;

/// <summary>
/// A closed month never changes: the database refuses any journal that would be posted into it. Whoever closes waits for those who are posting, and they for it.
/// </summary>
public static class MonthClosing
{
    /// <summary>Also gives every party that had or has anything its statement of the month, with a number. In the caller's transaction, or in one of its own.</summary>
    /// <param name="month">Its first day.</param>
    /// <returns>False when it was closed before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not over yet, in UTC.</exception>
    public static async Task<bool> CloseMonthAsync(this ControlPlaneDb db, DateOnly month, Actor actor, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        ArgumentOutOfRangeException.ThrowIfNotEqual(month.Day, 1, nameof(month));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month.AddMonths(1), DateOnly.FromDateTime(now.UtcDateTime), nameof(month));
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        if (await db.Database.ExecuteSqlAsync($"INSERT INTO closed_months (month, closed_at, closed_by) VALUES ({month}, {now}, {actor.Id}) ON CONFLICT (month) DO NOTHING", cancel) == 0)
            return false;
        // Nobody posts any more and nobody else closes: the insert above holds the lock that both need.
        await db.IssueStatementsAsync(month, now, cancel);
        if (transaction is not null)
            await transaction.CommitAsync(cancel);
        return true;
    }
}
