using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Payouts;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Reversals;

/// <summary>Which transfers are taken back for what a party owes.</summary>
public static class ReversalPlanning
{
    /// <summary>
    /// In the caller's transaction: stores what is to be taken back, the newest transfer first, at most what the party owes and what was sent to it and has not come back. Sent later, by
    /// <see cref="ReversalSending"/>.
    /// </summary>
    /// <param name="atMost">What was asked for, or what the party's account holds.</param>
    /// <returns>Empty when nothing is owed, or nothing can be taken back.</returns>
    public static async Task<List<TransferReversal>> PlanReversalsAsync(this ControlPlaneDb db, Party party, Money atMost, PayoutRail rail, Actor actor, TimeProvider clock, CancellationToken cancel)
    {
        var currency = atMost.Currency.Code;
        // Its lock also keeps two plans for one debt apart.
        var owed = (await db.LockDebtAsync(party, atMost.Currency, null, cancel)).Minor;
        var open = db.TransferReversals.Where(r => r.PartyKind == party.Kind && r.PartyId == party.Id && r.Currency == currency);
        owed -= await open.Where(r => r.State == ReversalState.Sending).SumAsync(r => r.AmountMinor, cancel);
        var left = Math.Min(owed, atMost.Minor);
        var payouts = await db.Payouts.AsNoTracking()
            .Where(p => p.PartyKind == party.Kind && p.PartyId == party.Id && p.Currency == currency && p.Rail == rail && p.State == PayoutState.Settled).OrderByDescending(p => p.SettledAt).ThenByDescending(p => p.Id)
            .Select(p => new { p.Id, Rest = p.AmountMinor - db.TransferReversals.Where(r => r.PayoutId == p.Id && r.State != ReversalState.Failed).Sum(r => r.AmountMinor) }).ToListAsync(cancel);
        var planned = new List<TransferReversal>();
        foreach (var payout in payouts)
        {
            var amount = Math.Min(left, payout.Rest);
            if (amount <= 0)
                continue;
            planned.Add(new TransferReversal
            {
                Id = TransferReversalId.New(clock),
                PayoutId = payout.Id,
                PartyKind = party.Kind,
                PartyId = party.Id,
                Currency = currency,
                AmountMinor = amount,
                CreatedBy = actor.Id,
                CreatedAt = clock.GetUtcNow(),
            });
            left -= amount;
        }
        db.TransferReversals.AddRange(planned);
        await db.SaveChangesAsync(cancel);
        return planned;
    }
}
