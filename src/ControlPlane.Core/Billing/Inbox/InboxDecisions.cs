namespace ControlPlane.Core.Billing.Inbox;

/// <summary>What a person does with an event that waits for one.</summary>
public static class InboxDecisions
{
    /// <summary>Tried again at once, as often as a new one. Also after it was applied: reading an object once more changes nothing that is right already.</summary>
    /// <returns>False when there is nothing to read: what was not understood stays so.</returns>
    public static bool Replay(this InboxEvent stored, DateTimeOffset now)
    {
        if (stored.ObjectId.Length == 0)
            return false;
        (stored.State, stored.Attempts, stored.NextAttemptAt, stored.FinishedAt) = (InboxState.Pending, 0, now, null);
        return true;
    }

    /// <returns>False when it was applied, or needs nothing.</returns>
    public static bool Skip(this InboxEvent stored, string reason, DateTimeOffset now)
    {
        if (stored.State is not (InboxState.Pending or InboxState.Parked or InboxState.Dead))
            return false;
        (stored.State, stored.Error, stored.FinishedAt) = (InboxState.Skipped, reason, now);
        return true;
    }
}
