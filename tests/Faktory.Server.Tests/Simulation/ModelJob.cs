using Faktory.Server.Scheduling;

namespace Faktory.Server.Tests.Simulation;

/// <summary>A job as the model sees it. <see cref="Failures"/> is how often it has failed.</summary>
sealed record ModelJob(string Jid, string Queue, byte Lane, int Retry, int ReserveFor, int Failures = 0)
{
    internal const int DefaultRetry = 25;

    internal static ModelJob Of(JobSpec spec) => new(spec.Jid, spec.Queue, (byte)(10 - spec.Priority), spec.Retry ?? DefaultRetry, spec.ReserveFor);

    internal long ReservedForTicks => (ReserveFor == 0 ? 1800 : Math.Max(60, ReserveFor)) * TimeSpan.TicksPerSecond;
}

/// <summary>Where a job is, or was before it was reserved.</summary>
readonly record struct ModelPlace(uint QueueId, byte Lane, ulong Sequence) : IComparable<ModelPlace>
{
    public int CompareTo(ModelPlace other) => (QueueId, Lane, Sequence).CompareTo((other.QueueId, other.Lane, other.Sequence));
}

/// <summary>In a heap, as in the engine: reservations that a restart lets end together are ended in the heap's order.</summary>
sealed class ModelReservation(ModelJob job, ModelPlace place, string wid, long expiresAt) : DueItem
{
    internal ModelJob Job => job;
    internal ModelPlace Place => place;
    internal string Wid => wid;

    /// <summary>By the time of day.</summary>
    internal long ExpiresAt => expiresAt;
}

/// <summary>A queue that may be unknown and only waited for: then its id is 0.</summary>
sealed class ModelQueue(string name)
{
    internal string Name => name;
    internal uint Id;
    internal bool IsPaused;
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
}
