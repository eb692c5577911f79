using Faktory.Server.Scheduling;

namespace Faktory.Server.Tests.Simulation;

/// <summary>A job as the model sees it. <see cref="Failures"/> is how often it has failed.</summary>
sealed record ModelJob(string Jid, string Queue, byte Lane, int Retry, int ReserveFor, int Failures = 0)
{
    internal const int DefaultRetry = 25;

    /// <param name="spec">As it is pushed.</param>
    /// <param name="due">When it is to be enqueued, now or later.</param>
    /// <param name="batch">The one it joins, or null.</param>
    internal static ModelJob Of(JobSpec spec, long due, ModelBatch? batch) =>
        new(spec.Jid, spec.Queue, (byte)(10 - spec.Priority), spec.Retry ?? DefaultRetry, spec.ReserveFor)
        {
            UniqueKey = spec.Asks.UniqueFor > 0 ? (spec.Queue, spec.IsLarge) : null,
            IsUniqueUntilStart = spec.Asks.IsUniqueUntilStart,
            ExpiresAt = spec.Asks.ExpiresIn > 0 ? due + spec.Asks.ExpiresIn * TimeSpan.TicksPerSecond : null,
            IsTracked = spec.Asks.IsTracked,
            Debounce = spec.Asks.DebounceFor > 0 ? spec.Queue : null,
            Batch = batch,
        };

    /// <summary>What makes it unique; null when it is not.</summary>
    internal (string Queue, bool IsLarge)? UniqueKey { get; init; }

    internal bool IsUniqueUntilStart { get; init; }
    internal long? ExpiresAt { get; init; }
    internal bool IsTracked { get; init; }

    /// <summary>By what it is replaced while it waits for that; else null.</summary>
    internal string? Debounce { get; init; }

    /// <summary>It was put off by the throttle of its type.</summary>
    internal bool HasTurn { get; init; }

    /// <summary>The one it is in, or whose callback it is.</summary>
    internal ModelBatch? Batch { get; init; }

    /// <summary>It has failed, or was dropped: its batch does not wait for it to be executed.</summary>
    internal bool IsExecuted { get; init; }

    /// <summary>Which callback it is, as its worker is told; null when it is none.</summary>
    internal string? Callback { get; init; }

    internal bool AsksForMore => UniqueKey is not null || ExpiresAt is not null || IsTracked || Batch is not null || Debounce is not null;

    internal long ReservedForTicks => (ReserveFor == 0 ? 1800 : Math.Max(60, ReserveFor)) * TimeSpan.TicksPerSecond;
}

/// <summary>Where a job is, or was before it was reserved.</summary>
readonly record struct ModelPlace(uint QueueId, byte Lane, ulong Sequence) : IComparable<ModelPlace>
{
    public int CompareTo(ModelPlace other) => (QueueId, Lane, Sequence).CompareTo((other.QueueId, other.Lane, other.Sequence));
}

/// <summary>In a heap, as in the engine: reservations that a restart lets end together are ended in the heap's order.</summary>
sealed class ModelReservation(ModelJob job, ModelPlace place, string wid, long reservedAt, long expiresAt) : DueItem
{
    internal ModelJob Job => job;
    internal ModelPlace Place => place;
    internal string Wid => wid;

    /// <summary>By the time of day.</summary>
    internal long ReservedAt => reservedAt;

    /// <summary>By the time of day.</summary>
    internal long ExpiresAt { get; set; } = expiresAt;
}

/// <summary>A queue that may be unknown and only waited for: then its id is 0.</summary>
sealed class ModelQueue(string name)
{
    internal string Name => name;
    internal uint Id;
    internal bool IsPaused;

    /// <summary>When its pause ends by itself, by the time of day.</summary>
    internal long? PausedUntil;

    internal readonly SortedList<ModelPlace, ModelJob> Jobs = [];
    internal readonly List<ModelFetch> Waiting = [];
}

sealed class ModelFetch(int session, string[] queues, long until)
{
    internal int Session => session;
    internal string[] Queues => queues;
    internal long Until => until;
}

sealed class ModelWorker
{
    internal int State;
    internal long MissedAt;
    internal readonly HashSet<int> Sessions = [];

    /// <summary>Jobs of its that were cancelled and of which it has not been told.</summary>
    internal readonly List<string> Cancelled = [];
}
