using Faktory.Server.Commands;
using Faktory.Server.Storage;

namespace Faktory.Server.Tests.Engine;

public sealed class ReturnedJobTests : IDisposable
{
    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_job_that_could_not_be_delivered_is_first_in_its_queue_again()
    {
        _engine.Push("job-00001");
        _engine.Push("job-00002");
        var undelivered = Fetch();
        Return(undelivered);

        _engine.Core.Reservations.Count.ShouldBe(0);
        _engine.Fetch().ShouldBe("job-00001");
        _engine.Fetch().ShouldBe("job-00002");
    }

    [Fact]
    public void It_is_still_first_after_a_restart()
    {
        _engine.Push("job-00001");
        _engine.Push("job-00002");
        _engine.Push("job-00003");
        var undelivered = Fetch();
        _engine.Fetch().ShouldBe("job-00002");
        Return(undelivered);
        _engine.Restart();

        _engine.Fetch().ShouldBe("job-00001");
        _engine.Fetch().ShouldBe("job-00003");
        _engine.Fetch().ShouldBeNull();
        _engine.Core.Reservations.Count.ShouldBe(3);
    }

    [Fact]
    public void It_goes_to_whoever_waits()
    {
        _engine.Push("job-00001");
        var undelivered = Fetch();
        var waiting = (Fetch)_engine.Start("FETCH default");
        Return(undelivered);
        waiting.Given.ShouldNotBeNull();
    }

    [Fact]
    public void It_survives_that_its_queue_was_removed_meanwhile()
    {
        _engine.Push("job-00001");
        var undelivered = Fetch();
        _engine.Say("QUEUE REMOVE default");
        Return(undelivered);
        _engine.Restart();
        _engine.Fetch().ShouldBe("job-00001");
    }

    [Fact]
    public void It_stays_acknowledged_when_that_came_first()
    {
        _engine.Push("job-00001");
        var undelivered = Fetch();
        _engine.Say("""ACK {"jid":"job-00001"}""").ShouldBe("+OK");
        Return(undelivered);
        _engine.Fetch().ShouldBeNull();
    }

    [Fact]
    public void Removing_its_queue_removes_it_and_spares_the_jobs_at_work_around_it()
    {
        foreach (var i in Enumerable.Range(1, 5))
            _engine.Push($"job-0000{i}");
        var undelivered = Fetch();
        _engine.Fetch().ShouldBe("job-00002");
        Return(undelivered);
        _engine.Say("QUEUE REMOVE default");
        _engine.Restart();

        _engine.Fetch().ShouldBeNull();
        _engine.Say("""FAIL {"jid":"job-00002"}""").ShouldBe("+OK");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_restart_too_removing_its_queue_spares_the_jobs_at_work_around_it(bool isLoaded)
    {
        PushAndReturnFirst();
        _engine.Restart();
        if (isLoaded)
            _engine.Fetch().ShouldBe("job-00001");
        _engine.Say("QUEUE REMOVE default").ShouldBe("+OK");
        _engine.Restart();

        StoredJobs.Count(_engine.Store.Database).ShouldBe(new JobCounts(0, 0, 0, 0, isLoaded ? 3 : 2));
        _engine.Fetch().ShouldBeNull();
        foreach (var jid in (string[])["job-00002", "job-00003"])
            _engine.Say($$"""FAIL {"jid":"{{jid}}"}""").ShouldBe("+OK");
        _engine.Pass(TimeSpan.FromMinutes(1));
        string?[] again = [_engine.Fetch(), _engine.Fetch()];
        again.Order().ShouldBe(["job-00002", "job-00003"]);
    }

    [Fact]
    public void What_ends_after_a_restart_is_not_spared_any_more()
    {
        PushAndReturnFirst();
        _engine.Restart();
        _engine.Say("""ACK {"jid":"job-00002"}""").ShouldBe("+OK");
        _engine.Say("""FAIL {"jid":"job-00003"}""").ShouldBe("+OK");
        _engine.Say("QUEUE REMOVE default").ShouldBe("+OK");

        _engine.Restart();
        StoredJobs.Count(_engine.Store.Database).ShouldBe(new JobCounts(0, 0, 1, 0, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_job_that_failed_or_ran_out_of_time_goes_behind_those_that_were_queued_also_across_a_restart(bool expires)
    {
        _engine.Push("job-00001", ",\"reserve_for\":60");
        _engine.Push("job-00002");
        _engine.Push("job-00003");
        _engine.Fetch();
        _engine.Fetch();
        if (expires)
            _engine.Pass(TimeSpan.FromSeconds(60));
        else
            _engine.Say("""FAIL {"jid":"job-00001"}""").ShouldBe("+OK");
        _engine.Restart();
        _engine.Pass(TimeSpan.FromSeconds(44));

        string?[] order = [_engine.Fetch(), _engine.Fetch(), _engine.Fetch()];
        order.ShouldBe(["job-00003", "job-00001", null]);
        _engine.Core.Reservations.Count.ShouldBe(3);
    }

    // 1 and 4 to 6 are queued, 2 and 3 at work.
    void PushAndReturnFirst()
    {
        foreach (var i in Enumerable.Range(1, 6))
            _engine.Push($"job-0000{i}");
        var undelivered = Fetch();
        _engine.Fetch().ShouldBe("job-00002");
        _engine.Fetch().ShouldBe("job-00003");
        Return(undelivered);
    }

    Fetch Fetch() => (Fetch)_engine.Start("FETCH default");

    void Return(Fetch fetch) => _engine.Run(new WithdrawFetch(fetch));
}
