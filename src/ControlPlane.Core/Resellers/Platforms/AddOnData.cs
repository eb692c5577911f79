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

/// <summary>How we may speak for a resource at its platform. Sealed.</summary>
/// <param name="Code">Traded once, before <paramref name="CodeExpiresAt"/>.</param>
public sealed record AddOnTokens(string? Code, DateTimeOffset? CodeExpiresAt, string? AccessToken = null, string? RefreshToken = null, DateTimeOffset? ExpiresAt = null);
