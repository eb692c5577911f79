using System.Collections.Concurrent;

namespace ControlPlane.Api.Http;

/// <summary>Section <c>RateLimits</c>: how often one caller may call, counted by each process for itself.</summary>
sealed class RateLimitOptions
{
    /// <summary>Of one token, or one person at the portal, in a minute.</summary>
    public int PerCallerPerMinute { get; set; } = 1200;

    /// <summary>Of one address without a valid token, in a minute.</summary>
    public int PerAddressPerMinute { get; set; } = 120;

    /// <summary>Sign-ups, password resets and operator claims of one address, in an hour.</summary>
    public int SensitivePerAddressPerHour { get; set; } = 60;

    /// <summary>Mails to one address that asks for a new password, in an hour.</summary>
    public int PasswordMailsPerHour { get; set; } = 5;
}

/// <summary>A bound on how often something happens.</summary>
sealed record RequestLimit(string Name, int Count, TimeSpan Window);

/// <summary>What is left of a limit after a request was counted.</summary>
/// <param name="Reset">When the next window begins.</param>
readonly record struct LimitState(bool IsAllowed, int Remaining, TimeSpan Reset);

/// <summary>
/// Counts requests in fixed windows. The framework's limiters keep their own clock and do not say when a window ends, which customers
/// want to know. Safe for any number of callers; memory is bounded by forgetting windows that have ended.
/// </summary>
sealed class RequestLimits(TimeProvider clock)
{
    const int SweepAt = 10_000;
    readonly ConcurrentDictionary<(string Limit, string Who), Window> windows = new();
    int sweeping;

    internal LimitState Count(RequestLimit limit, string who)
    {
        var now = clock.GetUtcNow();
        var window = windows.AddOrUpdate((limit.Name, who), _ => new Window(now + limit.Window, 1), (_, old) => old.EndsAt <= now ? new Window(now + limit.Window, 1) : old with { Count = old.Count + 1 });
        if (windows.Count > SweepAt)
            Sweep(now);
        return new LimitState(window.Count <= limit.Count, Math.Max(0, limit.Count - window.Count), window.EndsAt - now);
    }

    void Sweep(DateTimeOffset now)
    {
        if (Interlocked.Exchange(ref sweeping, 1) == 1)
            return;
        foreach (var (key, window) in windows)
        {
            if (window.EndsAt <= now)
                windows.TryRemove(KeyValuePair.Create(key, window));
        }
        Volatile.Write(ref sweeping, 0);
    }

    readonly record struct Window(DateTimeOffset EndsAt, int Count);
}
