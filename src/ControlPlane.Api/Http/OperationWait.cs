using System.Globalization;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Http;

/// <summary>
/// <c>Prefer: wait=N</c> (RFC 7240): holds the answer until the operation has finished, at most N seconds and never more than 60.
/// Notifications end the wait; a poll stands behind them. One per request.
/// </summary>
sealed class OperationWait(ControlPlaneDb db, OperationCompletions completions, WaitingRequests waiting, IOptions<ApiOptions> options, TimeProvider clock)
{
    internal const int SecondsMax = 60;
    static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    /// <returns>What is to be answered now: <paramref name="answer"/> itself when nobody waited.</returns>
    internal async Task<IAnswer> WaitAsync(IAnswer answer, HttpContext context)
    {
        if (answer is not { Operation: { } operation, AfterOperation: { } readAgain } || ReadSeconds(context.Request) is not { } seconds)
            return answer;
        using var place = waiting.TryEnter(options.Value.WaitingRequestsMax);
        if (place is null)
            return answer;
        context.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={seconds}");
        // The change is committed; a caller that hangs up just stops waiting for it.
        if (!await IsFinishedWithinAsync(operation, TimeSpan.FromSeconds(seconds), context.RequestAborted))
            return answer;
        db.ChangeTracker.Clear();
        return await readAgain(context.RequestAborted);
    }

    /// <summary>For callers whose protocol has another way to say how long they wait.</summary>
    /// <returns>False also when too many wait already.</returns>
    internal async Task<bool> FinishesWithinAsync(OperationId operation, TimeSpan atMost, CancellationToken cancel)
    {
        using var place = waiting.TryEnter(options.Value.WaitingRequestsMax);
        return place is not null && await IsFinishedWithinAsync(operation, atMost, cancel);
    }

    async Task<bool> IsFinishedWithinAsync(OperationId operation, TimeSpan atMost, CancellationToken cancel)
    {
        var until = clock.GetUtcNow() + atMost;
        using var finish = completions.Listen(operation);
        // A reseller waits for an operation of a customer's: row security shows it those.
        string[] tenant = db.Scope.Reseller is null ? [] : [ControlPlaneDb.TenantFilter];
        while (true)
        {
            if (await db.Operations.IgnoreQueryFilters(tenant).AnyAsync(o => o.Id == operation && (o.State == OperationState.Succeeded || o.State == OperationState.Failed), cancel))
                return true;
            var left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
                return false;
            await finish.WaitAsync(left < PollEvery ? left : PollEvery, clock, cancel);
        }
    }

    /// <summary>A preference that cannot be read is ignored, as the RFC asks; so is a wait of nothing.</summary>
    internal static int? ReadSeconds(HttpRequest request)
    {
        foreach (var preference in request.Headers["Prefer"].SelectMany(line => line?.Split(',') ?? []))
        {
            var (name, value) = preference.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right.Split(';')[0].Trim().Trim('"')) : (preference, "");
            if (name.Equals("wait", StringComparison.OrdinalIgnoreCase) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return seconds == 0 ? null : Math.Min(seconds, SecondsMax);
        }
        return null;
    }
}

/// <summary>Counts the requests that wait, since each holds a connection of a customer open. Safe for any number of callers.</summary>
sealed class WaitingRequests
{
    int count;

    /// <returns>Null when too many wait already: the caller then answers at once.</returns>
    internal IDisposable? TryEnter(int most)
    {
        if (Interlocked.Increment(ref count) <= most)
            return new Place(this);
        Interlocked.Decrement(ref count);
        return null;
    }

    sealed class Place(WaitingRequests waiting) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref waiting.count);
    }
}
