using ControlPlane.Core.Billing;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>Where one party's share of one payment stands. All amounts at or above zero, in minor units.</summary>
/// <param name="Share">As it was earned.</param>
/// <param name="ReversedHeld">Given back of what was held.</param>
/// <param name="ReversedPayable">Given back of what was payable or paid already.</param>
/// <param name="Released">Moved from held to payable.</param>
public sealed record SharePosition(Party Party, Currency Currency, long Share, long ReversedHeld, long ReversedPayable, long Released)
{
    public long Held => Share - ReversedHeld - Released;
    public long Payable => Released - ReversedPayable;

    public static SharePosition Earned(Party party, Money share) => new(party, share.Currency, share.Minor, 0, 0, 0);

    /// <summary>
    /// Target is share × refunded ÷ original, halves away from zero; what is due is what the target has moved since. It hits held while there is any, then
    /// payable, which may become negative. A refund that failed moves the target back, in the opposite order.
    /// </summary>
    public (Money Held, Money Payable) ReversalDue(long refunded, long original)
    {
        // A refund after a lost dispute, or the reverse, cannot take back more than there was.
        var target = Rounding.HalfAway(Share, Math.Clamp(refunded, 0, original), original);
        var due = target - ReversedHeld - ReversedPayable;
        var held = due >= 0 ? Math.Min(due, Held) : due + Math.Min(-due, ReversedPayable);
        return (new Money(held, Currency), new Money(due - held, Currency));
    }

    /// <summary>Target is the floor of (what is there to release) × part ÷ parts; the last part releases all of it. Never takes back.</summary>
    public Money ReleaseDue(int part, int parts)
    {
        var target = Rounding.Floor(Share - ReversedHeld, Math.Clamp(part, 0, parts), parts);
        return new Money(Math.Max(0, target - Released), Currency);
    }

    public SharePosition AfterReversal(long refunded, long original)
    {
        var (held, payable) = ReversalDue(refunded, original);
        return this with { ReversedHeld = ReversedHeld + held.Minor, ReversedPayable = ReversedPayable + payable.Minor };
    }

    public SharePosition AfterRelease(int part, int parts) => this with { Released = Released + ReleaseDue(part, parts).Minor };
}
