namespace ControlPlane.Core.Resellers;

/// <summary>How long a customer has to take over what is its own before something of it stops because of its reseller. Section <c>Resellers</c>.</summary>
public sealed class TakeOverOffer
{
    /// <summary>From the warning on.</summary>
    public int StopsAfterDays { get; set; } = 14;

    /// <summary>Where the warning's link leads; <c>Api:PortalAddress</c> where that is set.</summary>
    public Uri PortalAddress { get; set; } = new("http://127.0.0.1:8080");

    public TimeSpan StopsAfter => TimeSpan.FromDays(StopsAfterDays);
}
