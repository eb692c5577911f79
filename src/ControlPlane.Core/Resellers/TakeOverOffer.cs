namespace ControlPlane.Core.Resellers;

/// <summary>How long a customer has to take over what is its own before something of it stops because of its reseller. Section <c>Resellers</c>.</summary>
public sealed class TakeOverOffer
{
    /// <summary>From the warning on.</summary>
    public int StopsAfterDays { get; set; } = 14;

    public TimeSpan StopsAfter => TimeSpan.FromDays(StopsAfterDays);
}
