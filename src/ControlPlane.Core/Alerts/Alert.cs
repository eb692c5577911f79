using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Alerts;

public enum AlertSeverity
{
    Warning,
    Critical,
}

/// <summary>Something a person should know. At most one is open for a kind and subject.</summary>
public sealed class Alert
{
    public required AlertId Id { get; init; }

    /// <summary>The customer who sees it; null when it is for the operator alone.</summary>
    public required OrganizationId? OrganizationId { get; init; }
    public required string Kind { get; init; }
    public required AlertSeverity Severity { get; init; }

    /// <summary>The id of what it is about.</summary>
    public required string Subject { get; init; }
    public required string Message { get; set; }
    public required DateTimeOffset RaisedAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; set; }
}

/// <summary>Raising and resolving, saved with whatever else the caller saves.</summary>
public static class Alerts
{
    public const string BackupFailed = "backup_failed";
    public const string BackupOverdue = "backup_overdue";
    public const string InstanceUnhealthy = "instance_unhealthy";
    public const string InstanceDrifted = "instance_drifted";
    public const string OperationOverdue = "operation_overdue";
    public const string OperationFailed = "operation_failed";
    public const string Orphan = "orphan";
    public const string PayoutSkipped = "payout_skipped";
    public const string LedgerDisagrees = "ledger_disagrees";
    public const string InboxDead = "inbox_dead";
    public const string InboxParked = "inbox_parked";
    public const string PayoutWaiting = "payout_waiting";
    public const string Reconciliation = "reconciliation";
    public const string BillingUnclear = "billing_unclear";
    public const string CatalogueDiffers = "catalogue_differs";
    public const string MailsNotSent = "mails_not_sent";
    public const string PartyAccountClosed = "party_account_closed";

    /// <summary>Opens the alert, or brings the message of the open one up to date.</summary>
    public static async Task RaiseAlertAsync(
        this ControlPlaneDb db, OrganizationId? organization, string kind, AlertSeverity severity, string subject, string message, TimeProvider clock, CancellationToken cancel)
    {
        var open = await db.Alerts.FirstOrDefaultAsync(a => a.Kind == kind && a.Subject == subject && a.ResolvedAt == null, cancel);
        if (open is not null)
        {
            open.Message = message;
            return;
        }
        db.Alerts.Add(new Alert
        {
            Id = AlertId.New(clock),
            OrganizationId = organization,
            Kind = kind,
            Severity = severity,
            Subject = subject,
            Message = message,
            RaisedAt = clock.GetUtcNow(),
        });
    }

    public static async Task ResolveAlertAsync(this ControlPlaneDb db, string kind, string subject, TimeProvider clock, CancellationToken cancel)
    {
        var open = await db.Alerts.Where(a => a.Kind == kind && a.Subject == subject && a.ResolvedAt == null).ToListAsync(cancel);
        foreach (var alert in open)
            alert.ResolvedAt = clock.GetUtcNow();
    }
}
