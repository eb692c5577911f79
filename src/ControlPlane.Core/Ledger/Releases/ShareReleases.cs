using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Releases;

/// <summary>Makes payable what parties have earned and what is no longer held.</summary>
public static class ShareReleases
{
    /// <summary>Accruals in one transaction; a run takes as many transactions as it needs.</summary>
    public const int BatchSize = 200;

    /// <summary>
    /// Releases whatever is due and not frozen. Any number may run at a time: each takes accruals that no other has. In transactions of its own, in the fleet's scope; stopped anywhere, the
    /// next run goes on.
    /// </summary>
    /// <returns>How many accruals had something due.</returns>
    public static async Task<int> ReleaseDueSharesAsync(this ControlPlaneDb db, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var released = 0;
        while (true)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var count = await db.ReleaseSomeAsync(by, clock, cancel);
            await transaction.CommitAsync(cancel);
            db.ChangeTracker.Clear();
            released += count;
            if (count < BatchSize)
                return released;
        }
    }

    static async Task<int> ReleaseSomeAsync(this ControlPlaneDb db, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // Served by ix_share_accruals_due.
        var due = await db.LockAsync(
            db.ShareAccruals.FromSql($"""
                SELECT * FROM share_accruals WHERE next_release_at <= {now} AND frozen_at IS NULL
                ORDER BY next_release_at, id LIMIT {BatchSize} FOR UPDATE SKIP LOCKED
                """),
            cancel);
        foreach (var accrual in due)
        {
            var source = new JournalSource("share", accrual.Id.ToString(), accrual.NextReleaseAt!.Value, accrual.Releases + 1, accrual.PaymentId);
            if (SharePostings.Release(source, accrual.Position, accrual.Terms.PartsDueAt(now), accrual.Terms.Parts) is { } journal)
                await db.PostAsync(journal with { Contracts = ShareAccruals.ContractsOf([accrual]) }, by, clock, cancel);
            accrual.MarkReleased(now);
        }
        await db.SaveChangesAsync(cancel);
        return due.Count;
    }
}
