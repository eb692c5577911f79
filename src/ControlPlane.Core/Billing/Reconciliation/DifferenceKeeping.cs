using ControlPlane.Core.Alerts;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Reconciliation;

/// <summary>Stores what comparisons found: new differences open, those that are gone are resolved, and what is missing here is read again.</summary>
public static class DifferenceKeeping
{
    /// <returns>How many of this kind are open now.</returns>
    public static async Task<int> KeepAsync(this ControlPlaneDb db, ComparedKind kind, Compared compared, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var open = await db.Differences.Where(d => d.Kind == kind && d.ResolvedAt == null).ToDictionaryAsync(d => (d.Subject, d.Class), cancel);
        foreach (var finding in compared.Findings.DistinctBy(f => (f.Subject, f.Class)))
        {
            if (open.Remove((finding.Subject, finding.Class), out var known))
                (known.Ours, known.Theirs, known.SeenAt) = (finding.Ours, finding.Theirs, now);
            else
                db.Differences.Add(new Difference
                {
                    Id = DifferenceId.New(clock),
                    Kind = kind,
                    Class = finding.Class,
                    Subject = finding.Subject,
                    OrganizationId = finding.Organization,
                    Ours = finding.Ours,
                    Theirs = finding.Theirs,
                    FoundAt = now,
                    SeenAt = now,
                });
            if (finding is { Class: DifferenceClass.MissingHere, Mend: { } subject })
                await db.ReadAgainAsync(subject, clock, cancel);
        }
        foreach (var gone in open.Values.Where(d => compared.Looked.Contains(d.Subject)))
            gone.ResolvedAt = now;
        await db.SaveChangesAsync(cancel);
        return await db.Differences.CountAsync(d => d.Kind == kind && d.ResolvedAt == null, cancel);
    }

    /// <summary>Feeds the inbox as if the provider had spoken of the object, once an hour at most.</summary>
    public static Task<bool> ReadAgainAsync(this ControlPlaneDb db, InboxSubject subject, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return db.TakeAsync(
            new IncomingEvent("stripe", "", $"reconciliation:{subject.ObjectType}:{subject.ObjectId}:{now.UtcDateTime:yyyyMMddHH}", "reconciliation", null, now, "{}", subject, null), InboxOrigin.Reconciled, clock, cancel);
    }

    /// <summary>What was only missing here mends itself: the operator hears of it when it is still so the next time.</summary>
    public static async Task RefreshDifferenceAlertAsync(this ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var telling = await db.Differences.Where(d => d.ResolvedAt == null && (d.Class != DifferenceClass.MissingHere || d.SeenAt > d.FoundAt)).OrderBy(d => d.FoundAt).Take(1000).ToListAsync(cancel);
        if (telling is [])
            await db.ResolveAlertAsync(Alerts.Alerts.Reconciliation, "differences", clock, cancel);
        else
            await db.RaiseAlertAsync(
                null, Alerts.Alerts.Reconciliation, AlertSeverity.Critical, "differences",
                $"{telling.Count} differences between the payment provider and this service, for example {telling[0].Kind.ToText()} {telling[0].Subject}: {telling[0].Ours} here, {telling[0].Theirs} there. Look at GET /v1/operator/reconciliation?state=open.",
                clock, cancel);
        await db.SaveChangesAsync(cancel);
    }
}
