using ControlPlane.Core.Billing;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>How a share becomes payable: after the hold all of it, or one part for each month of the service paid for.</summary>
/// <param name="HoldUntil">Nothing is released before.</param>
public sealed record ReleaseTerms(ShareRelease Release, DateTimeOffset HoldUntil, DateTimeOffset ServiceFrom, int ServiceMonths)
{
    public int Parts => Release == ShareRelease.Monthly ? Math.Max(1, ServiceMonths) : 1;

    /// <summary>How many of <see cref="Parts"/> are due.</summary>
    public int PartsDueAt(DateTimeOffset now)
    {
        if (now < HoldUntil)
            return 0;
        var parts = Release == ShareRelease.Monthly ? 0 : 1;
        while (parts < Parts && ServiceFrom.AddMonths(parts + 1) <= now)
            parts++;
        return parts;
    }

    /// <summary>When the part after <paramref name="released"/> is due; null when there is none.</summary>
    public DateTimeOffset? DueAfter(int released)
    {
        if (released >= Parts)
            return null;
        var month = ServiceFrom.AddMonths(released + 1);
        return Release == ShareRelease.OnPayment || month < HoldUntil ? HoldUntil : month;
    }
}

/// <summary>When payables are paid, and which fees parties bear.</summary>
public static class ShareTerms
{
    /// <summary>What to pay out of a payable balance; zero below the minimum.</summary>
    public static Money PayoutDue(Money payable, long minimumMinor) => payable.Minor < minimumMinor ? Money.Zero(payable.Currency) : payable.PayablePart();

    /// <summary>What a party bears of the fee that the processor kept of refunds so far: its part of the whole fee, cumulative, as the reversal of its share.</summary>
    public static long RefundFeeBorne(long refundFee, long refunded, long original) => Rounding.HalfAway(refundFee, Math.Clamp(refunded, 0, original), original);
}
