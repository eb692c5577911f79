using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Inbox;

/// <summary>Tells the operator of events that wait for a person, and stops telling when none does.</summary>
public static class InboxAlerts
{
    public static async Task RefreshInboxAlertsAsync(this ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        // Served by ix_inbox_events_waiting.
        var waiting = await db.InboxEvents.Where(e => e.State == InboxState.Dead || e.State == InboxState.Parked)
            .GroupBy(e => e.State).Select(g => new { State = g.Key, Count = g.Count(), Since = g.Min(e => e.ReceivedAt), Type = g.Min(e => e.Type) }).ToListAsync(cancel);
        await TellAsync(InboxState.Dead, Alerts.Alerts.InboxDead, AlertSeverity.Critical, "could not be applied after many tries");
        await TellAsync(InboxState.Parked, Alerts.Alerts.InboxParked, AlertSeverity.Warning, "could not be understood, or are about something that is not there");
        await db.SaveChangesAsync(cancel);

        async Task TellAsync(InboxState state, string kind, AlertSeverity severity, string what)
        {
            if (waiting.FirstOrDefault(w => w.State == state) is not { } found)
                await db.ResolveAlertAsync(kind, "inbox", clock, cancel);
            else
                await db.RaiseAlertAsync(
                    null, kind, severity, "inbox",
                    $"{found.Count} events of the payment provider {what}, for example {found.Type}; the oldest came at {found.Since:u}. Look at GET /v1/operator/webhooks?state={state.ToText()}, then replay or skip them.", clock, cancel);
        }
    }
}
