using ControlPlane.Core.Alerts;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Payouts;

/// <summary>
/// Sends what was approved, once. Three steps that each commit: the intent, then the look and the transfer, then what came of it (the last two under the row's lock, so that nobody else is
/// sending it). Killed anywhere, the payout is left as <see cref="PayoutState.Sending"/>, and whoever goes on looks at the rail before it sends.
/// </summary>
public static class PayoutSending
{
    /// <param name="rails">Those that this process can use; payouts of others are left alone.</param>
    /// <returns>How many were taken to their rail.</returns>
    public static async Task<int> SendDuePayoutsAsync(this ControlPlaneDb db, IEnumerable<IPayoutRail> rails, Actor actor, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var (known, sent) = (rails.ToDictionary(r => r.Rail), 0);
        var (kinds, now) = (known.Keys.ToArray(), clock.GetUtcNow());
        // Served by ix_payouts_unfinished. A transfer that is left to the operator is not looked at again.
        var due = await db.Payouts.AsNoTracking()
            .Where(p => kinds.Contains(p.Rail) && (p.State == PayoutState.Approved || p.State == PayoutState.Sending && p.Rail != PayoutRail.Manual) && (p.NotBefore == null || p.NotBefore <= now))
            .OrderBy(p => p.Id).Select(p => new { p.Id, p.Rail }).ToListAsync(cancel);
        foreach (var payout in due)
        {
            if (await db.IntendAsync(payout.Id, known[payout.Rail], actor, clock, cancel) && await db.TrySendAsync(payout.Id, known[payout.Rail], actor, by, clock, cancel))
                sent++;
        }
        return sent;
    }

    /// <returns>False when it must not be sent, or somebody else has it.</returns>
    static async Task<bool> IntendAsync(this ControlPlaneDb db, PayoutId id, IPayoutRail rail, Actor actor, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.TakeAsync(id, cancel) is not { State: PayoutState.Approved or PayoutState.Sending } payout)
            return false;
        if (payout.State == PayoutState.Sending)
            return true;
        if (!await db.MayLeaveAsync(payout, cancel))
            return false;
        if (await rail.WhyNotYetAsync(payout, cancel) is { } reason)
        {
            await db.TellItWaitsAsync(payout, reason, clock, cancel);
            await transaction.CommitAsync(cancel);
            return false;
        }
        payout.MarkSending();
        db.Write(null, actor, "payout.sending", id.ToString(), $"{payout.Amount} to {payout.Party}", clock);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>One payout of which nobody knows keeps no other waiting.</summary>
    static async Task<bool> TrySendAsync(this ControlPlaneDb db, PayoutId id, IPayoutRail rail, Actor actor, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            return await db.SendAsync(id, rail, actor, rail.Sign(by), clock, cancel);
        }
        catch (TransferUnclearException unclear)
        {
            // What the attempt had tracked was rolled back with it.
            db.ChangeTracker.Clear();
            if (await db.Payouts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is { } payout)
                await db.TellItWaitsAsync(payout, $"{unclear.Message} Whether it was made is looked up before anything is sent again.", clock, cancel);
            return false;
        }
    }

    static async Task<bool> SendAsync(this ControlPlaneDb db, PayoutId id, IPayoutRail rail, Actor actor, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.TakeAsync(id, cancel) is not { State: PayoutState.Sending } payout)
            return false;
        var transfer = await rail.FindAsync(payout, cancel);
        if (transfer is null && !await db.MayLeaveAsync(payout, cancel))
            return false;
        transfer ??= await rail.SendAsync(payout, cancel);
        switch (transfer.State)
        {
            case TransferState.LeftToOperator:
                return true;
            case TransferState.Taken:
                payout.MarkSent(Reference(), clock.GetUtcNow());
                await db.ResolveAlertAsync(Alerts.Alerts.PayoutWaiting, id.ToString(), clock, cancel);
                break;
            case TransferState.Arrived:
                await db.SettlePayoutAsync(payout, Reference(), rail.Account, clock.GetUtcNow(), by, clock, cancel);
                break;
            case TransferState.Refused:
                await db.FailPayoutAsync(payout, transfer.Reason ?? "the rail refused it", rail.Account, by, clock, cancel);
                break;
            case TransferState.NotNow:
                await db.TellItWaitsAsync(payout, transfer.Reason ?? "the rail cannot make it now", clock, cancel);
                await transaction.CommitAsync(cancel);
                return false;
            default:
                throw new InvalidOperationException($"the rail {rail.Rail} answered the unknown state {transfer.State}");
        }
        db.Write(null, actor, $"payout.{payout.State.ToText()}", id.ToString(), transfer.Reference ?? transfer.Reason, clock);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;

        string Reference() => transfer.Reference ?? throw new InvalidOperationException($"the rail {rail.Rail} made a transfer without a reference");
    }

    /// <summary>Not to a party that was frozen meanwhile, and not to where it does not want its money any more: such a payout is cancelled by hand, and the next run makes another.</summary>
    static async Task<bool> MayLeaveAsync(this ControlPlaneDb db, Payout payout, CancellationToken cancel) =>
        await db.Parties.AnyAsync(p => p.Kind == payout.PartyKind && p.Id == payout.PartyId && p.FrozenAt == null && p.Rail == payout.Rail && p.Destination == payout.Destination, cancel);

    static async Task TellItWaitsAsync(this ControlPlaneDb db, Payout payout, string reason, TimeProvider clock, CancellationToken cancel)
    {
        await db.RaiseAlertAsync(null, Alerts.Alerts.PayoutWaiting, AlertSeverity.Warning, payout.Id.ToString(), $"{payout.Amount} to {payout.Party} wait: {reason}", clock, cancel);
        await db.SaveChangesAsync(cancel);
    }

    static async Task<Payout?> TakeAsync(this ControlPlaneDb db, PayoutId id, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        return (await db.Payouts.FromSql($"SELECT * FROM payouts WHERE id = {id.Value} FOR UPDATE SKIP LOCKED").ToListAsync(cancel)).SingleOrDefault();
    }
}
