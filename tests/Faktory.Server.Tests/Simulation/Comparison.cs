using System.Text;
using System.Text.Json;
using Faktory.Server.Debouncing;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;
using Faktory.Server.Storage;
using Faktory.Server.Workers;

namespace Faktory.Server.Tests.Simulation;

/// <summary>Whether engine and model agree: on what clients can see, and on what is on the disk.</summary>
static class Comparison
{
    internal static void OfCounts(JobEngine engine, EngineModel model)
    {
        engine.Queues.Known.Select(q => (q.Name, q.Count, q.IsPaused)).ShouldBe(model.Queues.Select(q => (q.Name, (long)q.Jobs.Count, q.IsPaused)));
        (engine.Scheduled.Count, engine.Retries.Count, engine.Dead.Count).ShouldBe((model.Scheduled.Count, model.Retries.Count, model.Dead.Count));
        engine.Reservations.Count.ShouldBe(model.Reservations.Count);
        engine.Queues.Known.Select(q => q.Pause?.Until).ShouldBe(model.Queues.Select(q => q.PausedUntil is { } until ? SinceEpoch(until) : (long?)null));
        engine.Store.Counters.Replaced.ShouldBe(model.Replaced);
        (engine.Store.Counters.Processed, engine.Store.Counters.Failures, engine.Store.Counters.Expired).ShouldBe((model.Processed, model.Failures, model.Expired));
        engine.Workers.All.Select(w => (w.First.Wid, (int)w.State)).Order().ShouldBe(model.Workers.Select(w => (w.Key, w.Value.State)));
    }

    internal static void OfJob(Reply reply, ModelJob? expected)
    {
        var text = reply.ToString();
        if (expected is null)
        {
            text.ShouldBe("$-1");
            return;
        }
        var job = JsonElement.Parse(text[1..]);
        job.GetProperty("jid").GetString().ShouldBe(expected.Jid);
        job.GetProperty("queue").GetString().ShouldBe(expected.Queue);
        if (expected.Callback is not null)
        {
            job.GetProperty("custom").GetProperty("_bid").GetString().ShouldBe(expected.Batch!.Bid);
            job.GetProperty("custom").GetProperty("_cb").GetString().ShouldBe(expected.Callback);
        }
        job.TryGetProperty("failure", out var failure).ShouldBe(expected.Failures > 0);
        if (expected.Failures == 0)
            return;
        failure.GetProperty("retry_count").GetInt32().ShouldBe(expected.Failures - 1);
        failure.GetProperty("remaining").GetInt32().ShouldBe(expected.Retry - expected.Failures + 1);
    }

    internal static void OfBatch(JobEngine engine, EngineModel model, string bid)
    {
        var (found, expected) = (engine.Batches.Find(bid), model.FindBatch(bid));
        (found is null).ShouldBe(expected is null, bid);
        if (found is null)
            return;
        (found.Total, found.Pending, found.Failed, found.IsCommitted).ShouldBe((expected!.Total, expected.Pending, expected.Failed, expected.IsCommitted), bid);
        ((int)found.CompleteStage, (int)found.SuccessStage).ShouldBe((expected.Complete.Stage, expected.Success.Stage), bid);
    }

    internal static void OfCron(JobEngine engine, EngineModel model)
    {
        foreach (var run in engine.Cron.All)
        {
            var expected = model.FindCron(run.Entry.Id).ShouldNotBeNull();
            (run.SettledAt, run.LastRunAt, run.IsPaused).ShouldBe((SinceEpoch(expected.SettledAt), expected.LastRunAt == 0 ? 0 : SinceEpoch(expected.LastRunAt), expected.IsPaused), run.Entry.Id);
            run.DueAt.ShouldBe(SinceEpoch(expected.DueAt), run.Entry.Id);
        }
    }

    internal static void OfTrack(string reply, ModelTrack? expected)
    {
        var job = JsonElement.Parse(reply[1..]);
        var state = job.GetProperty("state").GetString();
        if (expected is not { IsUnsure: true })
            state.ShouldBe(expected?.State ?? "unknown");
        (job.TryGetProperty("percent", out var percent) ? percent.GetInt32() : (int?)null).ShouldBe(expected?.Percent);
        if (expected is null)
            job.GetProperty("updated_at").GetString().ShouldBe("");
    }

    internal static void OfContent(JobStore store, EngineModel model)
    {
        Timed(store, Keys.Scheduled).ShouldBe(model.Scheduled.Content);
        Timed(store, Keys.Retries).ShouldBe(model.Retries.Content);
        Timed(store, Keys.Dead).ShouldBe(model.Dead.Content);
        Scan(store, Keys.Debounce, (_, value) => DebounceRecord.Read(value).Place).Select(p => (p.DueAt, p.Sequence)).Order()
            .ShouldBe(model.Debounced.Select(d => (SinceEpoch(d.Due), d.Sequence)).Order());

        var reserved = Scan(store, Keys.Reservation, (key, value) => (Location: Keys.Location(key), Reservation: Reservation.Read(Keys.Location(key), value, out var end), End: end))
            .ToDictionary(r => r.Location);
        reserved.Values.Select(r => (Encoding.UTF8.GetString(r.Reservation.Jid), r.Reservation.Wid, r.End)).Order()
            .ShouldBe(model.Reservations.Select(r => (r.Job.Jid, r.Wid, SinceEpoch(r.ExpiresAt))).Order());

        var jobs = Scan(store, Keys.Job, (key, value) => (Location: Keys.Location(key), Jid: Encoding.UTF8.GetString(JobRecord.Read(value.ToArray()).Jid)));
        jobs.Count.ShouldBe(reserved.Count + model.Queues.Sum(q => q.Jobs.Count), "jobs on disk");
        jobs.Where(j => !reserved.ContainsKey(j.Location)).Select(j => (j.Location.Lane, j.Jid))
            .ShouldBe(model.Queues.OrderBy(q => q.Id).SelectMany(q => q.Jobs).Select(j => (j.Key.Lane, j.Value.Jid)));
    }

    static List<(long Due, string Jid)> Timed(JobStore store, byte set) =>
        Scan(store, set, (key, value) => (Keys.Due(key) + DateTime.UnixEpoch.Ticks, Encoding.UTF8.GetString(JobRecord.Read(value.ToArray()).Jid)));

    static List<T> Scan<T>(JobStore store, byte kind, Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, T> read)
    {
        var found = new List<T>();
        using var entries = store.Database.Scan([kind], [(byte)(kind + 1)]);
        for (; entries.IsValid; entries.Next())
            found.Add(read(entries.Key, entries.CopyValue()));
        return found;
    }

    static long SinceEpoch(long ticks) => ticks - DateTime.UnixEpoch.Ticks;
}
