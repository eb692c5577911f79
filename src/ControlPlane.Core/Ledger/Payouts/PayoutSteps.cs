using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Payouts;

/// <summary>What becomes of a payout, each step with its journal. In the caller's transaction, which holds the row's lock (<see cref="LockPayoutAsync"/>).</summary>
public static class PayoutSteps
{
    public static async Task<Payout?> LockPayoutAsync(this ControlPlaneDb db, PayoutId id, CancellationToken cancel)
    {
        var payout = (await db.Payouts.FromSql($"SELECT * FROM payouts WHERE id = {id.Value} FOR UPDATE").ToListAsync(cancel)).SingleOrDefault();
        if (payout is not null)
            await db.Entry(payout).ReloadAsync(cancel);
        return payout;
    }

    /// <summary>It has arrived.</summary>
    /// <param name="from">The account that the money left.</param>
    public static async Task SettlePayoutAsync(this ControlPlaneDb db, Payout payout, string reference, AccountCode from, DateTimeOffset arrivedAt, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        payout.MarkSettled(reference, arrivedAt);
        await db.ResolveAlertAsync(Alerts.Alerts.PayoutWaiting, payout.Id.ToString(), clock, cancel);
        await db.SaveChangesAsync(cancel);
        await db.PostAsync(PayoutPostings.PayoutSettled(payout.Source(arrivedAt, reference), payout.Party, from, payout.Amount), by, clock, cancel);
    }

    /// <summary>It was not made, or came back: the party is owed it again, and the next run pays it.</summary>
    /// <param name="account">The rail's: where the money is again when it had arrived.</param>
    public static async Task FailPayoutAsync(this ControlPlaneDb db, Payout payout, string reason, AccountCode account, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        AccountCode? returnedTo = payout.State == PayoutState.Settled ? account : null;
        payout.MarkFailed(reason, clock.GetUtcNow());
        await db.ReverseAsync(payout, reason, returnedTo, by, clock, cancel);
    }

    /// <summary>Before anything was sent.</summary>
    public static async Task CancelPayoutAsync(this ControlPlaneDb db, Payout payout, string reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        payout.Cancel(reason, clock.GetUtcNow());
        await db.ReverseAsync(payout, reason, null, by, clock, cancel);
    }

    /// <summary>Every journal of a payout has it as its source and its correlation.</summary>
    internal static JournalSource Source(this Payout payout, DateTimeOffset effectiveAt, string? memo = null) =>
        new("payout", payout.Id.ToString(), effectiveAt, Correlation: payout.Id.ToString(), Memo: memo);

    static async Task ReverseAsync(this ControlPlaneDb db, Payout payout, string reason, AccountCode? returnedTo, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var id = payout.Id.ToString();
        await db.ResolveAlertAsync(Alerts.Alerts.PayoutWaiting, id, clock, cancel);
        await db.SaveChangesAsync(cancel);
        var undone = await db.Journals.Where(j => j.SourceType == "payout" && j.SourceId == id && j.Kind == (returnedTo == null ? JournalKind.Payout : JournalKind.PayoutSettled)).Select(j => j.Id).SingleAsync(cancel);
        var journal = PayoutPostings.PayoutReversed(payout.Source(clock.GetUtcNow(), reason), payout.Party, returnedTo, payout.Amount) with { Reverses = undone };
        await db.PostAsync(journal, by, clock, cancel);
    }
}
