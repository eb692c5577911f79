namespace ControlPlane.Core.Ledger.Payouts;

/// <summary>Section <c>Payouts</c>.</summary>
public sealed class PayoutOptions
{
    /// <summary>Above this, in minor units of any currency, somebody else than who made a payout has to approve it; up to it a payout is approved as it is made.</summary>
    public long SecondPersonAboveMinor { get; set; } = 100_000;

    /// <summary>Where a party has no contract that says another minimum.</summary>
    public long MinimumMinor { get; set; } = 500;

    /// <summary>How long nothing is sent to a destination after it has replaced another.</summary>
    public TimeSpan CoolingOffFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A debt can be written off after the party has owed it for so long.</summary>
    public TimeSpan WriteOffAfter { get; set; } = TimeSpan.FromDays(90);
}
