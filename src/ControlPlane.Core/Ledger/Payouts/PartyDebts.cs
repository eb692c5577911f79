using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Ledger.Payouts;

/// <summary>
/// What a party owes: its payable is below zero, because more was taken back than was left to pay. Future shares pay it by themselves; these are the other ways, in the caller's transaction.
/// </summary>
public static class PartyDebts
{
    public const string ClawbackType = "clawback";

    /// <summary>The source of the journal.</summary>
    public static string ClawbackId(Party party, string reference) => $"{party} {reference}";

    /// <summary>How much the party owes, at or above zero. Its row stays locked, so that nothing is paid out or paid back meanwhile.</summary>
    /// <param name="before">Only what was posted before it counts; null for everything.</param>
    public static async Task<Money> LockDebtAsync(this ControlPlaneDb db, Party party, Currency currency, DateTimeOffset? before, CancellationToken cancel)
    {
        await db.LockPartyAsync(party, cancel);
        var (code, owner, until) = (party.Payable.Code.ToText(), party.Id, before ?? DateTimeOffset.MaxValue);
        var minor = await (from entry in db.Entries
                           join account in db.LedgerAccounts on entry.AccountId equals account.Id
                           join journal in db.Journals on entry.JournalId equals journal.Id
                           where account.Code == code && account.PartyId == owner && account.Currency == currency.Code && journal.PostedAt < until
                           select entry.Amount).SumAsync(cancel);
        return new Money(Math.Max(0, minor), currency);
    }

    /// <summary>The party has paid, or has been sent an invoice (<see cref="AccountCode.Receivable"/>).</summary>
    /// <param name="reference">The transfer's or the invoice's; the same one again is the same clawback.</param>
    public static Task<PostedJournal> ClawBackAsync(this ControlPlaneDb db, Party party, Money amount, AccountCode into, string reference, PostedBy by, TimeProvider clock, CancellationToken cancel) =>
        db.PostAsync(PayoutPostings.Clawback(new(ClawbackType, ClawbackId(party, reference), clock.GetUtcNow(), Memo: reference), party, into, amount), by, clock, cancel);

    /// <summary>The party will never pay it.</summary>
    /// <param name="by">Names who approved it.</param>
    public static Task<PostedJournal> WriteOffDebtAsync(this ControlPlaneDb db, Party party, Money amount, string reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return db.PostAsync(PayoutPostings.WriteOff(new("party_debt", $"{party} {now.UtcTicks}", now, Memo: reason), party, amount), by, clock, cancel);
    }
}
