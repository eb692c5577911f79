using BackupScheduler.Archives;
using BackupScheduler.Instances;
using BackupScheduler.Stores;
using ControlPlane.Core.Operations;

namespace BackupScheduler.Workflows;

/// <summary>What the steps of backups and restores have in common: when a failing one is given up, and what the customer reads then.</summary>
static class BackupStep
{
    /// <summary>Damage is read again this often: a bad read is not yet a bad object.</summary>
    const int DamagedTriesMax = 3;

    /// <summary>
    /// Runs the step; an exception travels on, and the runner tries again later, until the tries are used up. Then <paramref name="giveUp"/>
    /// says how the operation goes on from there.
    /// </summary>
    internal static Func<StepContext, CancellationToken, Task<StepResult>> Bounded(
        int triesMax, Func<StepContext, Exception, StepResult> giveUp, Func<StepContext, CancellationToken, Task<StepResult>> run) => async (context, cancel) =>
    {
        try
        {
            return await run(context, cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested && IsLastTry(context, error, triesMax))
        {
            context.Db.ChangeTracker.Clear();
            return giveUp(context, error);
        }
    };

    /// <summary>
    /// Takes items one after the other until <paramref name="budget"/> is used up, at least one. Answers how many are done: the caller saves
    /// that and comes back. An item that fails ends the turn as well, so that those before it are not done again; it throws when it is the first.
    /// </summary>
    internal static async Task<int> WorkThroughAsync<T>(IReadOnlyList<T> items, int done, TimeSpan budget, TimeProvider clock, Func<T, Task> work)
    {
        var (begun, begunWith) = (clock.GetTimestamp(), done);
        try
        {
            while (done < items.Count && (done == begunWith || clock.GetElapsedTime(begun) < budget))
            {
                await work(items[done]);
                done++;
            }
        }
        catch (Exception failure) when (done > begunWith && failure is not OperationCanceledException)
        {
            // The next turn begins with this item, and throws if it fails again.
        }
        return done;
    }

    static bool IsLastTry(StepContext context, Exception error, int triesMax) =>
        context.Operation.Tries >= (error is BackupDamagedException ? Math.Min(DamagedTriesMax, triesMax) : triesMax);

    internal static string ExplainBackup(Exception error) => error switch
    {
        AdminPortException or AnnouncementDiffersException =>
            "The instance could not be read while it was being backed up. Check that it is running; another backup is tried soon.",
        ObjectStoreException => "The backup store did not take the data. We have been told; another backup is tried soon.",
        BackupDamagedException => "What was written to the backup store did not read back unchanged, so this backup was discarded. Another one is tried soon.",
        _ => "The backup did not work after several tries. We have been told; another backup is tried soon.",
    };

    internal static string ExplainRestore(Exception error) => error switch
    {
        AdminPortException => "The instance did not take the data. Nothing was replaced; check that it is running, then restore again.",
        BackupDamagedException => "This backup is damaged and was refused. Nothing was replaced; choose another backup.",
        ObjectStoreException => "The backup store could not be read. Nothing was replaced; we have been told, please restore again later.",
        _ => "The restore did not work after several tries. Nothing was replaced; we have been told and are looking at it.",
    };
}
