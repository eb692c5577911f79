using Faktory.Server.Engine;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Engine;
using Faktory.Server.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Faktory.Server.Tests.Storage;

/// <summary>When this fails because of a change that is wanted, existing data needs a way there: the golden file is never just replaced.</summary>
public sealed class GoldenStoreTests
{
    [Fact]
    public void What_is_written_today_is_what_was_written_then()
    {
        using var engine = new TestEngine();
        Fill(engine);

        var written = GoldenStore.Dump(engine.Store.Database);

        string.Join("\n", written).ShouldBe(string.Join("\n", GoldenStore.Lines));
        // One of each kind: q w s r d n, and m with its version, counters, lanes and days.
        written.Select(line => line[..2]).Distinct().ShouldBe(["64", "6d", "6e", "71", "72", "73", "77"]);
    }

    [Fact]
    public void What_was_written_then_is_read_today()
    {
        using var folder = new TestFolder();
        GoldenStore.WriteTo(folder["store"]);
        using var reopened = JobStore.Open(folder["store"]);
        var engine = new JobEngine(reopened, new FakeTimeProvider(TestServer.StartedAt), new Random(1));

        StoredJobs.Count(reopened.Database).ShouldBe(new JobCounts(3, 1, 1, 1, 1));
        (engine.Queues.JobCount, engine.Scheduled.Count, engine.Retries.Count, engine.Dead.Count, engine.Reservations.Count).ShouldBe((3, 1, 1, 1, 1));
        engine.Queues.Find("paused")!.IsPaused.ShouldBeTrue();
        engine.Reservations.All.Single().Wid.ShouldBe("wid-1");
        (reopened.Counters.Enqueued, reopened.Counters.Processed, reopened.Counters.Failures).ShouldBe((6, 2, 2));
    }

    static void Fill(TestEngine engine)
    {
        engine.Push("working-1", ",\"reserve_for\":600");
        engine.Push("failing-1");
        engine.Push("dying---1", ",\"retry\":-1");
        var worker = TestEngine.Worker("wid-1");
        for (var i = 0; i < 3; i++)
            engine.Fetch("default", worker);
        engine.Say("""FAIL {"jid":"failing-1","errtype":"E","message":"m","backtrace":["b"]}""").ShouldBe("+OK");
        engine.Say("""FAIL {"jid":"dying---1"}""").ShouldBe("+OK");
        engine.Push("queued--1");
        engine.Push("urgent--1", ",\"priority\":9,\"custom\":{\"n\":1.0}");
        engine.Push("paused--1", ",\"queue\":\"paused\"");
        engine.Push("planned-1", ",\"at\":\"2027-01-01T00:00:00Z\"");
        engine.Say("QUEUE PAUSE paused").ShouldBe("+OK");
    }
}
