namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>What an add-on platform said of a resource when it asked for it.</summary>
/// <param name="Callback">Where the resource is at the platform's own API; null where its address follows from the id.</param>
/// <param name="AnswersLater">The request was answered before the instance was ready: the platform waits for our call.</param>
/// <param name="AnsweredAt">When the platform had listened.</param>
public sealed record AddOnData(Uri? Callback, bool AnswersLater, DateTimeOffset? AnsweredAt)
{
    /// <summary>A platform gives a resource up that is not ready by then.</summary>
    public static readonly TimeSpan ReadyWithin = TimeSpan.FromHours(12);
}

/// <summary>How we may speak for a resource at its platform, and it of the resource to us. Sealed.</summary>
/// <param name="Code">Traded once, within minutes.</param>
/// <param name="Hook">Null where the platform has no webhooks.</param>
public sealed record AddOnTokens(string? Code, string? AccessToken = null, string? RefreshToken = null, DateTimeOffset? ExpiresAt = null, AddOnHook? Hook = null);

/// <summary>Where the platform is to tell us what becomes of a resource, signed with a secret of this resource alone.</summary>
/// <param name="IsKnown">The platform has been told.</param>
public sealed record AddOnHook(Uri Address, string Secret, bool IsKnown = false);
