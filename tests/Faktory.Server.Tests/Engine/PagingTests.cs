using System.Text;
using Faktory.Server.Queues;
using Faktory.Server.Scheduling;

namespace Faktory.Server.Tests.Engine;

/// <summary>Parts of queues and sets, as people look through them and take things out of the middle.</summary>
public sealed class PagingTests : IDisposable
{
    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    JobQueue Queue => _engine.Core.Queues.Find("default")!;

    [Fact]
    public void A_set_is_read_in_parts_in_both_directions()
    {
        foreach (var i in Enumerable.Range(1, 7))
            _engine.Push($"job-{i:00000}", $",\"at\":\"2026-02-0{i}T00:00:00Z\"").ShouldBe("+OK");

        Parts(isBackward: false).ShouldBe(["123", "456", "7"]);
        Parts(isBackward: true).ShouldBe(["765", "432", "1"]);
    }

    [Fact]
    public void A_job_taken_out_of_a_set_is_gone_once()
    {
        _engine.Push("job-00001", ",\"at\":\"2026-02-01T00:00:00Z\"");
        var key = _engine.Core.Scheduled.Read(null, false, 1).Single().Key;

        _engine.Core.Scheduled.Find(key).ShouldNotBeNull();
        _engine.Core.Scheduled.Take(key).ShouldNotBeNull();
        _engine.Core.Scheduled.Take(key).ShouldBeNull();

        _engine.Store.WritePending();
        _engine.Restart();
        _engine.Core.Scheduled.Count.ShouldBe(0);
    }

    [Fact]
    public void A_queue_is_read_in_the_order_of_fetching_without_what_is_at_work()
    {
        foreach (var i in Enumerable.Range(1, 1500))
            _engine.Push($"job-{i:00000}", i % 3 == 0 ? ",\"priority\":9" : "");
        _engine.Fetch().ShouldBe("job-00003");
        _engine.Restart();
        _engine.Fetch().ShouldBe("job-00006");

        var read = ReadQueue();

        read.Count.ShouldBe(1498);
        read[0].ShouldBe("job-00009");
        read.ShouldBe(Drain());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Jobs_deleted_out_of_the_middle_are_not_fetched(bool restarts)
    {
        foreach (var i in Enumerable.Range(1, 1500))
            _engine.Push($"job-{i:00000}");
        var deleted = Queue.Read(0, 0, 1500).Where((_, i) => i % 4 == 1).ToList();

        deleted.ShouldAllBe(job => Queue.Delete(job.At.Lane, job.At.Sequence));
        deleted.ShouldAllBe(job => !Queue.Delete(job.At.Lane, job.At.Sequence));
        _engine.Store.WritePending();
        if (restarts)
            _engine.Restart();

        Queue.Count.ShouldBe(1125);
        Drain().ShouldBe(Enumerable.Range(1, 1500).Where(i => i % 4 != 2).Select(i => $"job-{i:00000}"));
    }

    [Fact]
    public void A_job_at_work_is_not_deleted_from_its_queue()
    {
        _engine.Push("job-00001");
        var at = Queue.Read(0, 0, 1).Single().At;
        _engine.Fetch();

        Queue.Find(at.Lane, at.Sequence).ShouldBeNull();
        Queue.Delete(at.Lane, at.Sequence).ShouldBeFalse();
        _engine.Restart();
        Queue.Delete(at.Lane, at.Sequence).ShouldBeFalse();
        _engine.Say("""ACK {"jid":"job-00001"}""").ShouldBe("+OK");
    }

    [Fact]
    public void Large_jobs_make_small_parts()
    {
        var filler = new string('x', 600_000);
        foreach (var i in Enumerable.Range(1, 3))
            _engine.Push($"job-{i:00000}", $",\"custom\":{{\"filler\":\"{filler}\"}}");

        Queue.Read(0, 0, 100).Count.ShouldBe(2);
    }

    List<string> Parts(bool isBackward)
    {
        var parts = new List<string>();
        TimedKey? after = null;
        while (_engine.Core.Scheduled.Read(after, isBackward, 3) is { Count: > 0 } part)
        {
            parts.Add(string.Concat(part.Select(j => (char)j.Record.Jid[^1])));
            after = part[^1].Key;
        }
        return parts;
    }

    List<string> ReadQueue()
    {
        var jids = new List<string>();
        var (lane, sequence) = ((byte)0, 0UL);
        while (Queue.Read(lane, sequence, 100) is { Count: > 0 } part)
        {
            jids.AddRange(part.Select(j => Encoding.UTF8.GetString(j.Record.Jid)));
            (lane, sequence) = (part[^1].At.Lane, part[^1].At.Sequence + 1);
        }
        return jids;
    }

    List<string> Drain()
    {
        var jids = new List<string>();
        while (_engine.Fetch() is { } jid)
            jids.Add(jid);
        return jids;
    }
}
