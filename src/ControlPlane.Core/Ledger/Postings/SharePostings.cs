using ControlPlane.Core.Billing;
using ControlPlane.Core.Ledger.Shares;

namespace ControlPlane.Core.Ledger.Postings;

/// <summary>What parties earn, give back, and may be paid. The operator's margin is what remains, and is never posted.</summary>
public static class SharePostings
{
    /// <summary>Null when nobody gets anything.</summary>
    public static JournalDraft? Shares(JournalSource source, SplitResult split)
    {
        var draft = JournalDraft.OrNothing(source, JournalKind.Shares,
            split.Shares.SelectMany(s => (Line[])[new(s.Party.Expense, s.Amount), new(s.Party.Held, -s.Amount)]));
        return draft is null ? null : draft with { Contracts = [.. split.Shares.SelectMany(s => s.Contracts).Distinct()] };
    }

    /// <summary>Brings what each party has given back to its share of all that was refunded or lost so far; null when it is there already.</summary>
    /// <param name="refunded">Ex tax, all refunds together, in the currency that the customer paid in; as is <paramref name="original"/>.</param>
    public static JournalDraft? ShareReversal(JournalSource source, IEnumerable<SharePosition> positions, long refunded, long original)
    {
        return JournalDraft.OrNothing(source, JournalKind.ShareReversal, positions.SelectMany(p =>
        {
            var (held, payable) = p.ReversalDue(refunded, original);
            return (Line[])[new(p.Party.Held, held), new(p.Party.Payable, payable), new(p.Party.Expense, -held - payable)];
        }));
    }

    /// <summary>From held to payable, up to part <paramref name="part"/> of <paramref name="parts"/>; null when that much is released already.</summary>
    public static JournalDraft? Release(JournalSource source, SharePosition position, int part, int parts)
    {
        var due = position.ReleaseDue(part, parts);
        return JournalDraft.OrNothing(source, JournalKind.Release, new Line(position.Party.Held, due), new Line(position.Party.Payable, -due));
    }

    /// <summary>Fees that contracts let parties bear: a dispute's, or their part of what the processor kept of a refunded payment. Null when nobody bears any.</summary>
    public static JournalDraft? FeesBorne(JournalSource source, AccountCode fee, IEnumerable<(Party Party, Money Amount)> parts) =>
        JournalDraft.OrNothing(source, JournalKind.Clawback, parts.SelectMany(p => (Line[])[new(p.Party.Payable, p.Amount), new(fee, -p.Amount)]));
}
