using ControlPlane.Core.Billing;
using static ControlPlane.Core.Ledger.AccountCode;

namespace ControlPlane.Core.Ledger.Postings;

/// <summary>Disputed payments. Opening one moves cash and freezes the shares; only a lost one takes shares back (<see cref="SharePostings.ShareReversal"/>).</summary>
public static class DisputePostings
{
    public static JournalDraft Withdrawn(JournalSource source, Money amount, Money fee) =>
        JournalDraft.Of(source, JournalKind.DisputeWithdrawn, new Line(AccountCode.Stripe, -amount - fee), new Line(Disputed, amount), new Line(DisputeFee, fee));

    /// <param name="amount">What had been withdrawn.</param>
    /// <param name="cash">What came back for it, perhaps at another rate.</param>
    /// <param name="fee">What came back of the fee.</param>
    public static JournalDraft Reinstated(JournalSource source, Money amount, Money cash, Money fee) =>
        JournalDraft.Of(source, JournalKind.DisputeReinstated,
            new Line(AccountCode.Stripe, cash + fee), new Line(Disputed, -amount), new Line(DisputeFee, -fee), new Line(Exchange, amount - cash));

    /// <param name="amount">What had been withdrawn.</param>
    /// <param name="booked">What the payment had booked for it, at the rate of then, with its <paramref name="tax"/>.</param>
    public static JournalDraft Lost(JournalSource source, Money amount, Money booked, Money tax) =>
        JournalDraft.Of(source, JournalKind.DisputeLost,
            new Line(Disputed, -amount), new Line(Revenue, booked - tax), new Line(Tax, tax), new Line(Exchange, amount - booked));
}
