namespace Faktory.Server.Tests.Engine;

public sealed class QueueOrderTests : IDisposable
{
    // More than a lane keeps in memory, so that the rest has to come from disk.
    const int ManyJobs = 1300;

    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Jobs_of_one_priority_come_in_the_order_they_were_pushed()
    {
        _engine.Push("job-first");
        _engine.Push("job-second");
        _engine.Fetch().ShouldBe("job-first");
        _engine.Fetch().ShouldBe("job-second");
        _engine.Fetch().ShouldBeNull();
    }

    [Fact]
    public void A_later_job_of_priority_9_comes_first_and_one_of_priority_1_last()
    {
        _engine.Push("low-00001", ",\"priority\":1");
        _engine.Push("plain-0001");
        _engine.Push("high-0001", ",\"priority\":9");
        _engine.Push("five-0001", ",\"priority\":5");
        string?[] order = [_engine.Fetch(), _engine.Fetch(), _engine.Fetch(), _engine.Fetch()];
        order.ShouldBe(["high-0001", "plain-0001", "five-0001", "low-00001"]);
    }

    [Fact]
    public void The_first_named_queue_is_emptied_before_the_second()
    {
        _engine.Push("bulk-0001", ",\"queue\":\"bulk\"");
        _engine.Push("urgent-01", ",\"queue\":\"urgent\"");
        _engine.Push("urgent-02", ",\"queue\":\"urgent\"");
        string?[] order = [_engine.Fetch("urgent bulk"), _engine.Fetch("urgent bulk"), _engine.Fetch("urgent bulk")];
        order.ShouldBe(["urgent-01", "urgent-02", "bulk-0001"]);
    }

    [Fact]
    public void A_queue_longer_than_its_window_loses_and_repeats_nothing()
    {
        PushMany();
        for (var i = 0; i < ManyJobs; i++)
            _engine.Fetch().ShouldBe($"job-{i:d6}");
        _engine.Fetch().ShouldBeNull();
    }

    [Fact]
    public void A_long_queue_goes_on_where_it_was_after_a_restart()
    {
        PushMany();
        for (var i = 0; i < 700; i++)
            _engine.Fetch();
        _engine.Restart();
        _engine.Core.Queues.JobCount.ShouldBe(ManyJobs - 700);
        for (var i = 700; i < ManyJobs; i++)
            _engine.Fetch().ShouldBe($"job-{i:d6}");
        _engine.Fetch().ShouldBeNull();
    }

    [Fact]
    public void Removing_a_long_queue_leaves_its_jobs_at_work_alone()
    {
        PushMany();
        _engine.Fetch().ShouldBe("job-000000");
        _engine.Say("QUEUE REMOVE default").ShouldBe("+OK");
        _engine.Fetch().ShouldBeNull();
        _engine.Restart();

        _engine.Core.Queues.KnownCount.ShouldBe(0);
        _engine.Say("""FAIL {"jid":"job-000000"}""").ShouldBe("+OK");
        _engine.Core.Retries.Count.ShouldBe(1);
    }

    [Fact]
    public void Removing_a_long_queue_after_a_restart_leaves_its_jobs_at_work_alone()
    {
        PushMany();
        for (var i = 0; i < 5; i++)
            _engine.Fetch();
        _engine.Restart();
        _engine.Say("QUEUE REMOVE *").ShouldBe("+OK");
        _engine.Restart();

        _engine.Core.Queues.JobCount.ShouldBe(0);
        _engine.Core.Reservations.Count.ShouldBe(5);
        _engine.Say("""FAIL {"jid":"job-000003"}""").ShouldBe("+OK");
    }

    [Fact]
    public void A_queue_that_is_pushed_to_again_after_its_removal_starts_empty()
    {
        PushMany();
        _engine.Say("QUEUE REMOVE default");
        _engine.Push("job-again");
        _engine.Restart();
        _engine.Fetch().ShouldBe("job-again");
        _engine.Fetch().ShouldBeNull();
    }

    [Fact]
    public void A_paused_queue_gives_nothing_until_it_is_resumed_also_across_a_restart()
    {
        _engine.Push("job-00001");
        _engine.Say("QUEUE PAUSE default").ShouldBe("+OK");
        _engine.Restart();
        _engine.Fetch().ShouldBeNull();
        _engine.Push("job-00002").ShouldBe("+OK");

        _engine.Say("QUEUE RESUME default").ShouldBe("+OK");
        _engine.Fetch().ShouldBe("job-00001");
    }

    [Fact]
    public void A_flush_leaves_nothing_behind_and_the_server_usable()
    {
        PushMany();
        _engine.Fetch();
        _engine.Push("later-001", ",\"at\":\"2027-01-01T00:00:00Z\"");
        _engine.Say("QUEUE PAUSE default");
        _engine.Say("FLUSH").ShouldBe("+OK");
        _engine.Push("job-after");
        _engine.Restart();

        _engine.Core.Reservations.Count.ShouldBe(0);
        _engine.Core.Scheduled.Count.ShouldBe(0);
        _engine.Fetch().ShouldBe("job-after");
        _engine.Fetch().ShouldBeNull();
    }

    [Fact]
    public void A_job_larger_than_the_window_is_fetched_all_the_same()
    {
        var padding = new string('x', 600_000);
        foreach (var jid in (string[])["large-001", "large-002", "large-003"])
            _engine.Push(jid, $",\"custom\":{{\"padding\":\"{padding}\"}}");
        string?[] order = [_engine.Fetch(), _engine.Fetch(), _engine.Fetch()];
        order.ShouldBe(["large-001", "large-002", "large-003"]);
    }

    void PushMany()
    {
        var jobs = Enumerable.Range(0, ManyJobs).Select(i => $$"""{"jid":"job-{{i:d6}}","jobtype":"Test","args":[]}""");
        _engine.Say($"PUSHB [{string.Join(',', jobs)}]").ShouldBe("${}");
    }
}
