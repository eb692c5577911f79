namespace Faktory.Server.Maintenance;

/// <summary>What was found of one lane, to be compared with what the store says about it.</summary>
sealed class LaneCheck
{
    /// <summary>Jobs that are queued: those at work do not count.</summary>
    internal long Queued;

    /// <summary>The first queued job's number.</summary>
    internal ulong First = ulong.MaxValue;

    /// <summary>As stored; null when nothing is.</summary>
    internal long? StoredCount;

    internal ulong StoredHead;
}
