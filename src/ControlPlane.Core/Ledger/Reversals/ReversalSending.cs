using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Reversals;

/// <summary>Takes back what was planned, once each: the look and the reversal under the row's lock, then the journal and the row's end in one transaction.</summary>
public static class ReversalSending
{
    public const string SourceType = "transfer_reversal";

    /// <param name="rails">Those that this process can use.</param>
    /// <returns>How many came to an end.</returns>
    public static async Task<int> SendReversalsAsync(this ControlPlaneDb db, IEnumerable<IReversibleRail> rails, Actor actor, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var (known, ended) = (rails.ToDictionary(r => r.Rail), 0);
        // Served by ix_transfer_reversals_unfinished.
        foreach (var id in await db.TransferReversals.AsNoTracking().Where(r => r.State == ReversalState.Sending).OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(cancel))
        {
            if (await db.SendAsync(id, known, actor, by, clock, cancel))
                ended++;
        }
        return ended;
    }

    static async Task<bool> SendAsync(
        this ControlPlaneDb db, TransferReversalId id, Dictionary<PayoutRail, IReversibleRail> rails, Actor actor, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = await db.TransferReversals.FromSql($"SELECT * FROM transfer_reversals WHERE id = {id.Value} FOR UPDATE SKIP LOCKED").ToListAsync(cancel);
        if (taken is not [{ State: ReversalState.Sending } reversal])
            return false;
        var payout = await db.Payouts.AsNoTracking().SingleAsync(p => p.Id == reversal.PayoutId, cancel);
        if (!rails.TryGetValue(payout.Rail, out var rail))
            return false;
        Transfer made;
        try
        {
            made = await rail.FindReversalAsync(reversal, payout, cancel) ?? await rail.ReverseAsync(reversal, payout, cancel);
        }
        catch (TransferUnclearException)
        {
            // The row still says so, and the next round looks first.
            return false;
        }
        if (made.State == TransferState.NotNow)
            return false;
        if (made.State == TransferState.Arrived)
            await db.SettleAsync(reversal, rail.Account, made.Reference ?? throw new InvalidOperationException($"the rail {rail.Rail} made a reversal without a reference"), by, clock, cancel);
        else
            reversal.MarkFailed(made.Reason ?? "the rail refused it", clock.GetUtcNow());
        db.Write(null, actor, $"transfer_reversal.{reversal.State.ToText()}", id.ToString(), made.Reference ?? made.Reason, clock);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    static async Task SettleAsync(this ControlPlaneDb db, TransferReversal reversal, AccountCode into, string reference, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        reversal.MarkSettled(reference, clock.GetUtcNow());
        await db.SaveChangesAsync(cancel);
        var source = new JournalSource(SourceType, reversal.Id.ToString(), clock.GetUtcNow(), Memo: $"{reference} of {reversal.PayoutId}");
        await db.PostAsync(PayoutPostings.Clawback(source, reversal.Party, into, reversal.Amount), by, clock, cancel);
    }
}
