using ControlPlane.Core.Billing;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>When shares become payable and payables are paid, and which fees parties bear.</summary>
public static class ShareTerms
{
    /// <summary>Which part of how many is due for release: all of it after the hold, or one part a month of the service paid for, none before the hold is over.</summary>
    public static (int Part, int Parts) ReleaseDue(ShareContract contract, DateTimeOffset paidAt, DateTimeOffset serviceFrom, int serviceMonths, DateTimeOffset now)
    {
        var parts = contract.Release == ShareRelease.Monthly ? Math.Max(1, serviceMonths) : 1;
        if (now < paidAt + TimeSpan.FromDays(contract.HoldDays))
            return (0, parts);
        return (contract.Release == ShareRelease.Monthly ? Math.Min(parts, MonthsBetween(serviceFrom, now)) : 1, parts);
    }

    /// <summary>What to pay out of a payable balance; zero below the minimum.</summary>
    public static Money PayoutDue(Money payable, long minimumMinor) => payable.Minor < minimumMinor ? Money.Zero(payable.Currency) : payable.PayablePart();

    /// <summary>The 15th of a month, midnight UTC, after <paramref name="now"/>.</summary>
    public static DateTimeOffset NextPayoutRun(DateTimeOffset now)
    {
        var run = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 15, 0, 0, 0, TimeSpan.Zero);
        return run > now ? run : run.AddMonths(1);
    }

    /// <summary>What a party bears of the fee that the processor kept of refunds so far, where its contract shares it; cumulative, as the reversal of its share.</summary>
    public static Money RefundFeeBorne(ShareContract contract, Money fee, long refunded, long original) =>
        contract.FeeOnRefund == RefundFeeRule.Operator || contract.RatePpm is not { } rate
            ? Money.Zero(fee.Currency)
            : new Money(Rounding.HalfAway(Rounding.HalfAway(fee.Minor, rate, ShareContract.RatePpmMax), Math.Clamp(refunded, 0, original), original), fee.Currency);

    static int MonthsBetween(DateTimeOffset from, DateTimeOffset to)
    {
        var months = 0;
        while (from.AddMonths(months + 1) <= to)
            months++;
        return months;
    }
}
