using System.Collections.Concurrent;

namespace ControlPlane.Api.Http;

/// <summary>Section <c>RateLimits</c>: how often one caller may call, counted by each process for itself.</summary>
sealed class RateLimitOptions
{
    /// <summary>Of one token, or one person at the portal, in a minute.</summary>
    public int PerCallerPerMinute { get; set; } = 1200;

    /// <summary>Of one address without a valid token, in a minute.</summary>
    public int PerAddressPerMinute { get; set; } = 120;

    /// <summary>Of one address of a reseller's platform, in a minute.</summary>
    public int PerPlatformPerMinute { get; set; } = 6000;

    /// <summary>Sign-ups, password resets and operator claims of one address, in an hour.</summary>
    public int SensitivePerAddressPerHour { get; set; } = 60;

    /// <summary>Events of payment providers from one address, in a minute. What is refused comes again.</summary>
    public int ProviderPerAddressPerMinute { get; set; } = 6000;

    /// <summary>Replays, skips and the like of one person, in a minute.</summary>
    public int DecisionsPerCallerPerMinute { get; set; } = 60;

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
/// want to know. Safe for any number of callers. Windows that have ended are forgotten within a minute.
/// </summary>
sealed class RequestLimits(TimeProvider clock)
{
    static readonly TimeSpan SweptEvery = TimeSpan.FromMinutes(1);
    readonly ConcurrentDictionary<(string Limit, string Who), Window> windows = new();
    long sweepAtTicks;

    internal int WindowCount => windows.Count;

    internal LimitState Count(RequestLimit limit, string who)
    {
        var now = clock.GetUtcNow();
        Sweep(now);
        var window = windows.AddOrUpdate((limit.Name, who), _ => new Window(now + limit.Window, 1), (_, old) => old.EndsAt <= now ? new Window(now + limit.Window, 1) : old with { Count = old.Count + 1 });
        return new LimitState(window.Count <= limit.Count, Math.Max(0, limit.Count - window.Count), window.EndsAt - now);
    }

    /// <summary>One caller a minute does it for all.</summary>
    void Sweep(DateTimeOffset now)
    {
        var due = Interlocked.Read(ref sweepAtTicks);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref sweepAtTicks, (now + SweptEvery).UtcTicks, due) != due)
            return;
        foreach (var (key, window) in windows)
        {
            if (window.EndsAt <= now)
                windows.TryRemove(KeyValuePair.Create(key, window));
        }
    }

    readonly record struct Window(DateTimeOffset EndsAt, int Count);
}
