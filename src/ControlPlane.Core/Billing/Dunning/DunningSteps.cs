using ControlPlane.Core.Audit;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Dunning;

/// <summary>Brings an account to where its debts have led, one state after the other, each with its mail and its effect on real instances. Under the account's lock, in the fleet's scope.</summary>
/// <param name="billing">The time that money goes by.</param>
/// <param name="clock">The time that instances and backups go by.</param>
public sealed class DunningSteps(ControlPlaneDb db, DunningDays days, TimeProvider billing, TimeProvider clock)
{
    /// <summary>A suspension does not wait longer than this for its backup.</summary>
    static readonly TimeSpan backupAwaitedFor = TimeSpan.FromHours(1);

    /// <returns>Whether the state changed.</returns>
    public async Task<bool> AdvanceAsync(BillingAccount account, PostedBy by, CancellationToken cancel)
    {
        var began = account.Dunning;
        while (true)
        {
            var now = billing.GetUtcNow();
            var oldest = await OldestOverdueAsync(account, now, cancel);
            account.OverdueSince = oldest is null ? null : oldest.FirstFailedAt ?? oldest.DueAt;
            var next = DunningClock.Next(account, account.OverdueSince, await IsBlockedAsync(account, cancel), days, now);
            if (next == account.Dunning)
            {
                await GoOnAsync(account, now, cancel);
                return account.Dunning != began;
            }
            await EnterAsync(account, next, oldest, now, by, cancel);
        }
    }

    Task<Invoice?> OldestOverdueAsync(BillingAccount account, DateTimeOffset now, CancellationToken cancel) => db.Invoices
        .Where(i => i.OrganizationId == account.OrganizationId && i.State == InvoiceState.Open && (i.FirstFailedAt ?? i.DueAt) <= now)
        .OrderBy(i => i.FirstFailedAt ?? i.DueAt).ThenBy(i => i.Id).FirstOrDefaultAsync(cancel);

    /// <summary>Somebody looks at it, or the customer disputes a payment: nothing more is taken away meanwhile.</summary>
    async Task<bool> IsBlockedAsync(BillingAccount account, CancellationToken cancel) => account.IsOnHold
        || (account.Dunning >= DunningState.Suspended && await db.Disputes.AnyAsync(d => d.OrganizationId == account.OrganizationId && (d.State == DisputeState.Open || d.State == DisputeState.Inquiry), cancel));

    async Task EnterAsync(BillingAccount account, DunningState state, Invoice? oldest, DateTimeOffset now, PostedBy by, CancellationToken cancel)
    {
        var left = account.Dunning;
        account.Dunning = state;
        switch (state)
        {
            case DunningState.Current:
                (account.SuspendedAt, account.DeletionAt, account.WarnedDaysLeft) = (null, null, null);
                await ResumeAsync(account, cancel);
                break;
            case DunningState.Suspended:
                account.SuspendedAt = now;
                await BackUpAsync(account, cancel);
                break;
            case DunningState.DeletionScheduled:
                account.DeletionAt = now.AddDays(days.UntilDeletion);
                break;
            case DunningState.Deleted:
                await DeleteAsync(account, now, by, cancel);
                break;
            case DunningState.Purged:
                (account.SuspendedAt, account.OverdueSince) = (null, null);
                break;
        }
        await db.SaveChangesAsync(cancel);
        await db.RefreshOrganizationAsync(account.OrganizationId, clock, cancel);
        await db.WriteAsync(account, DunningLetters.About(state, account, oldest, days, account.OverdueSince), days.PortalAddress, now, clock, cancel);
        db.Write(account.OrganizationId, Actor.System("billing"), $"billing.{state.ToText()}", account.OrganizationId.ToString(), $"was {left.ToText()}", clock);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>What a state goes on doing: stopping what has been backed up, and warning.</summary>
    async Task GoOnAsync(BillingAccount account, DateTimeOffset now, CancellationToken cancel)
    {
        if (account.Dunning is DunningState.Suspended or DunningState.DeletionScheduled && !account.IsOnHold)
            await StopAsync(account, cancel);
        if (!account.IsOnHold && DunningClock.WarningDue(account, days, now) is { } left)
        {
            account.WarnedDaysLeft = left;
            await db.WriteAsync(account, DunningLetters.Warning(account, left), days.PortalAddress, now, clock, cancel);
        }
        await db.SaveChangesAsync(cancel);
    }

    IQueryable<Instance> Living(BillingAccount account) => db.Instances.Where(i => i.OrganizationId == account.OrganizationId && i.Desired != DesiredState.Deleted).OrderBy(i => i.Id);

    async Task BackUpAsync(BillingAccount account, CancellationToken cancel)
    {
        foreach (var instance in await Living(account).Where(i => i.Desired == DesiredState.Running && i.State == InstanceState.Running).ToListAsync(cancel))
            db.FileBackup(instance, BackupTrigger.Policy, clock);
    }

    async Task StopAsync(BillingAccount account, CancellationToken cancel)
    {
        var running = await Living(account).Where(i => !i.IsSuspendedForDebt).ToListAsync(cancel);
        var waitsSince = clock.GetUtcNow() - backupAwaitedFor;
        foreach (var instance in running)
        {
            if (await db.Backups.AnyAsync(b => b.InstanceId == instance.Id && (b.State == BackupState.Pending || b.State == BackupState.Running) && b.CreatedAt > waitsSince, cancel))
                continue;
            if (instance.Suspend(SuspensionReason.Debt))
                await FileAsync(instance, OperationKinds.InstanceSuspend, cancel);
        }
    }

    async Task ResumeAsync(BillingAccount account, CancellationToken cancel)
    {
        foreach (var instance in await Living(account).Where(i => i.IsSuspendedForDebt).ToListAsync(cancel))
        {
            if (instance.Release(SuspensionReason.Debt))
                await FileAsync(instance, OperationKinds.InstanceResume, cancel);
        }
    }

    async Task DeleteAsync(BillingAccount account, DateTimeOffset now, PostedBy by, CancellationToken cancel)
    {
        foreach (var instance in await Living(account).ToListAsync(cancel))
        {
            (instance.Desired, instance.DeletedAt, instance.PurgeAt) = (DesiredState.Deleted, clock.GetUtcNow(), clock.GetUtcNow() + Instance.UndeleteFor);
            await FileAsync(instance, OperationKinds.InstanceDelete, cancel);
        }
        foreach (var item in await db.SubscriptionItems.Where(i => i.OrganizationId == account.OrganizationId && i.State != SubscriptionItemState.Ended).ToListAsync(cancel))
            item.End(now);
        (account.AnchorAt, account.PeriodIndex) = (null, 0);
        // Nobody is asked to pay for what was taken away; what was paid in part is a loss. A provider's own invoices are voided there, and then here.
        foreach (var invoice in await db.Invoices.Where(i => i.OrganizationId == account.OrganizationId && i.State == InvoiceState.Open && i.Provider == BillingProvider.Manual).OrderBy(i => i.Id).ToListAsync(cancel))
        {
            if (invoice is { PaidMinor: 0, CreditedMinor: 0 })
                await db.VoidAsync(account, invoice, "deleted for debt", by, billing, cancel);
            else
                await db.WriteOffAsync(account, invoice, "deleted for debt", by, billing, cancel);
        }
    }

    async Task FileAsync(Instance instance, OperationKind kind, CancellationToken cancel)
    {
        instance.Generation++;
        await db.WakeAsync(instance.Id.ToString(), clock, cancel);
        db.File(kind, instance.OrganizationId, instance.Id.ToString(), null, clock);
    }
}
