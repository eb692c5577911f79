using Faktory.Server.Commands;

namespace Faktory.Server.Tests.Engine;

public sealed class WorkerTests : IDisposable
{
    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_worker_that_stops_beating_is_dropped_with_all_its_connections_after_a_minute()
    {
        var dropped = 0;
        for (var i = 0; i < 2; i++)
            _engine.Run(new JoinWorker(TestEngine.Worker("w1", () => dropped++)));
        _engine.Pass(TimeSpan.FromSeconds(59));
        dropped.ShouldBe(0);
        _engine.Pass(TimeSpan.FromSeconds(1));
        dropped.ShouldBe(2);
        _engine.Say("""BEAT {"wid":"w1"}""").ShouldBe("-ERR Unknown worker w1");
    }

    [Fact]
    public void A_beat_is_good_for_another_minute_and_may_come_over_any_connection()
    {
        _engine.Run(new JoinWorker(TestEngine.Worker("w1")));
        for (var i = 0; i < 5; i++)
        {
            _engine.Pass(TimeSpan.FromSeconds(59));
            _engine.Say("""BEAT {"wid":"w1","rss_kb":12345}""").ShouldBe("+OK");
        }
        _engine.Core.Workers.Find("w1")!.RssKilobytes.ShouldBe(12345);
    }

    [Fact]
    public void The_jobs_of_a_dropped_worker_stay_reserved()
    {
        var worker = TestEngine.Worker("w1");
        _engine.Run(new JoinWorker(worker));
        _engine.Push("job-00001");
        _engine.Fetch(session: worker);
        _engine.Pass(TimeSpan.FromMinutes(2));
        _engine.Core.Workers.Count.ShouldBe(0);
        _engine.Core.Reservations.Count.ShouldBe(1);
    }

    [Fact]
    public void A_state_only_moves_on_and_is_repeated_with_every_beat()
    {
        _engine.Run(new JoinWorker(TestEngine.Worker("w1")));
        _engine.Say("""BEAT {"wid":"w1","current_state":"quiet"}""").ShouldBe("""${"state":"quiet"}""");
        _engine.Say("""BEAT {"wid":"w1","current_state":"running"}""").ShouldBe("""${"state":"quiet"}""");
        _engine.Say("""BEAT {"wid":"w1","current_state":"terminate"}""").ShouldBe("""${"state":"terminate"}""");
        _engine.Say("""BEAT {"wid":"w1","current_state":"quiet"}""").ShouldBe("""${"state":"terminate"}""");
    }

    [Fact]
    public void No_connection_of_a_quiet_worker_gets_a_job()
    {
        var (first, second, other) = (TestEngine.Worker("w1"), TestEngine.Worker("w1"), TestEngine.Worker("w2"));
        foreach (var session in new[] { first, second, other })
            _engine.Run(new JoinWorker(session));
        var waiting = (Fetch)_engine.Start("FETCH default", second);
        _engine.Say("""BEAT {"wid":"w1","current_state":"quiet"}""");
        _engine.Push("job-00001");

        waiting.Given.ShouldBeNull();
        _engine.Fetch(session: first).ShouldBeNull();
        _engine.Fetch(session: second).ShouldBeNull();
        _engine.Fetch(session: other).ShouldBe("job-00001");
    }

    [Fact]
    public void A_worker_is_forgotten_with_its_last_connection()
    {
        var (first, second) = (TestEngine.Worker("w1"), TestEngine.Worker("w1"));
        _engine.Run(new JoinWorker(first));
        _engine.Run(new JoinWorker(second));
        _engine.Run(new LeaveWorker(first));
        _engine.Core.Workers.Count.ShouldBe(1);
        _engine.Run(new LeaveWorker(second));
        _engine.Core.Workers.Count.ShouldBe(0);
    }

    [Fact]
    public void A_client_that_has_hung_up_gets_no_job()
    {
        var session = TestEngine.Worker("w1");
        var waiting = (Fetch)_engine.Start("FETCH default", session);
        session.MarkGone();
        _engine.Push("job-00001");
        waiting.Given.ShouldBeNull();
        _engine.Fetch().ShouldBe("job-00001");
    }

    [Fact]
    public void The_same_jid_twice_is_two_jobs_each_ended_by_the_worker_that_has_it()
    {
        var (one, two) = (TestEngine.Worker("w1"), TestEngine.Worker("w2"));
        _engine.Push("job-twice");
        _engine.Push("job-twice");
        _engine.Fetch(session: one).ShouldBe("job-twice");
        _engine.Fetch(session: two).ShouldBe("job-twice");
        _engine.Core.Reservations.Count.ShouldBe(2);

        _engine.Say("""ACK {"jid":"job-twice"}""", two).ShouldBe("+OK");
        _engine.Core.Reservations.All.ShouldHaveSingleItem().Wid.ShouldBe("w1");
        _engine.Say("""FAIL {"jid":"job-twice"}""", one).ShouldBe("+OK");
        _engine.Core.Retries.Count.ShouldBe(1);
    }

    [Fact]
    public void A_job_is_given_to_the_one_who_has_waited_longest()
    {
        var first = (Fetch)_engine.Start("FETCH other default");
        var second = (Fetch)_engine.Start("FETCH default default");
        _engine.Push("job-00001");
        first.Given.ShouldNotBeNull();
        second.Given.ShouldBeNull();
        _engine.Push("job-00002");
        second.Given.ShouldNotBeNull();
    }
}
