using ControlPlane.Core.Billing.Accounts;

namespace ControlPlane.Core.Billing.Dunning;

/// <summary>After how many days what happens; section <c>Billing:Dunning</c>. A day is 24 hours.</summary>
public sealed class DunningDays
{
    /// <summary>Of full service after an invoice was due.</summary>
    public int Grace { get; set; } = 7;

    /// <summary>From when it was due until instances are stopped.</summary>
    public int UntilSuspension { get; set; } = 14;

    /// <summary>From the suspension until the deletion is scheduled.</summary>
    public int UntilDeletionIsScheduled { get; set; } = 30;

    /// <summary>From then until the deletion.</summary>
    public int UntilDeletion { get; set; } = 7;

    /// <summary>Days before the deletion at which a warning goes out, the most first.</summary>
    public int[] WarningsDaysBefore { get; set; } = [7, 3, 1];

    /// <summary>Where the letters' links lead; <c>Api:PortalAddress</c> where that is set.</summary>
    public Uri PortalAddress { get; set; } = new("http://127.0.0.1:8080");

    /// <summary>From the deletion until the last backups go, too.</summary>
    public int UntilPurge { get; set; } = 14;
}

/// <summary>Where an account's debts have led to and what comes next: a pure function of stored instants, so that a round that runs late, twice or never changes nothing.</summary>
public static class DunningClock
{
    /// <summary>The state that follows <paramref name="account"/>'s; itself where nothing is due yet. One step at a time, so that each has its effects.</summary>
    /// <param name="overdueSince">When the oldest unpaid invoice was due, or its payment first failed; null when nothing is overdue.</param>
    public static DunningState Next(BillingAccount account, DateTimeOffset? overdueSince, bool isBlocked, DunningDays days, DateTimeOffset now)
    {
        // What was deleted does not come back with a payment; it is over when its backups are.
        if (account.Dunning == DunningState.Deleted)
            return account.DeletionAt?.AddDays(days.UntilPurge) <= now ? DunningState.Purged : DunningState.Deleted;
        if (overdueSince is null)
            return account.Dunning == DunningState.Purged ? DunningState.Purged : DunningState.Current;
        return NextAt(account, overdueSince.Value, days) is { } next && next.At <= now && !isBlocked ? next.State : account.Dunning;
    }

    /// <summary>What comes next and when, for people to read; null after the last.</summary>
    public static (DunningState State, DateTimeOffset At)? NextAt(BillingAccount account, DateTimeOffset overdueSince, DunningDays days) => account.Dunning switch
    {
        DunningState.Current => (DunningState.PastDue, overdueSince),
        DunningState.PastDue => (DunningState.Restricted, overdueSince.AddDays(days.Grace)),
        DunningState.Restricted => (DunningState.Suspended, overdueSince.AddDays(days.UntilSuspension)),
        // From when it was really stopped: nobody loses days to a scheduler that was down.
        DunningState.Suspended => (DunningState.DeletionScheduled, account.SuspendedAt!.Value.AddDays(days.UntilDeletionIsScheduled)),
        DunningState.DeletionScheduled => (DunningState.Deleted, account.DeletionAt!.Value),
        DunningState.Deleted => (DunningState.Purged, account.DeletionAt!.Value.AddDays(days.UntilPurge)),
        _ => null,
    };

    /// <summary>The warning that is due and has not been given, in days before the deletion; null when none is.</summary>
    public static int? WarningDue(BillingAccount account, DunningDays days, DateTimeOffset now)
    {
        if (account is not { Dunning: DunningState.DeletionScheduled, DeletionAt: { } at })
            return null;
        var due = days.WarningsDaysBefore.Where(d => at.AddDays(-d) <= now).DefaultIfEmpty(int.MaxValue).Min();
        return due < (account.WarnedDaysLeft ?? int.MaxValue) ? due : null;
    }
}
