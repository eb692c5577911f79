using System.Diagnostics.Metrics;

namespace ControlPlane.Core.Billing.Inbox;

/// <summary>Numbers of the inbox, by the meter <c>ControlPlane.Billing</c>. Safe for any number of callers.</summary>
public sealed class InboxMetrics
{
    public const string MeterName = "ControlPlane.Billing";

    readonly Counter<long> received;
    readonly Counter<long> finished;
    readonly Counter<long> fetched;
    readonly Counter<long> failed;
    readonly Histogram<double> waited;

    public InboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        received = meter.CreateCounter<long>("billing.inbox.received", "{event}", "Deliveries, by what became of them: new, repeated, refused.");
        finished = meter.CreateCounter<long>("billing.inbox.finished", "{event}", "Events, by the state they ended in.");
        fetched = meter.CreateCounter<long>("billing.inbox.fetched", "{object}", "Objects that were read again.");
        failed = meter.CreateCounter<long>("billing.inbox.failed", "{attempt}", "Attempts that did not work.");
        waited = meter.CreateHistogram<double>("billing.inbox.waited", "s", "From when an event arrived to when it was applied.");
    }

    /// <param name="outcome">new, repeated or refused.</param>
    public void Received(string outcome) => received.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Fetched() => fetched.Add(1);

    internal void Failed() => failed.Add(1);

    internal void Finished(InboxBatch batch, string state, DateTimeOffset now)
    {
        finished.Add(batch.Events.Count, new KeyValuePair<string, object?>("state", state));
        foreach (var one in batch.Events)
            waited.Record((now - one.ReceivedAt).TotalSeconds);
    }
}
