using System.Text.Json;

namespace Faktory.Server.Tests.Engine;

public sealed class PassingTimeTests : IDisposable
{
    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_scheduled_job_is_enqueued_when_it_is_due_and_not_before()
    {
        _engine.Push("job-00001", ",\"at\":\"2026-01-02T03:05:05Z\"");
        _engine.Pass(TimeSpan.FromSeconds(59));
        _engine.Fetch().ShouldBeNull();
        _engine.Core.Scheduled.Count.ShouldBe(1);

        _engine.Pass(TimeSpan.FromSeconds(1));
        var job = JsonDocument.Parse(_engine.Say("FETCH default")![1..]).RootElement;
        job.GetProperty("at").GetString().ShouldBe("2026-01-02T03:05:05Z");
        job.GetProperty("created_at").GetString().ShouldBe("2026-01-02T03:04:05Z");
        job.GetProperty("enqueued_at").GetString().ShouldBe("2026-01-02T03:05:05Z");
    }

    [Fact]
    public void A_scheduled_job_that_fell_due_while_the_server_was_down_is_enqueued_at_once()
    {
        _engine.Push("job-00001", ",\"at\":\"2026-01-02T03:05:05Z\"");
        _engine.Clock.Advance(TimeSpan.FromHours(1));
        _engine.Restart();
        _engine.Pass(TimeSpan.Zero);
        _engine.Fetch().ShouldBe("job-00001");
    }

    [Fact]
    public void Many_jobs_due_at_once_all_come_in_order_and_keep_their_priority()
    {
        var jobs = Enumerable.Range(0, 1500).Select(i => $$"""{"jid":"job-{{i:d6}}","jobtype":"T","args":[],"at":"2026-01-02T04:{{i / 60:d2}}:{{i % 60:d2}}Z"}""");
        _engine.Say($"PUSHB [{string.Join(',', jobs)}]").ShouldBe("${}");
        _engine.Push("job-urgent", ",\"at\":\"2026-01-02T05:00:00Z\",\"priority\":9");
        _engine.Pass(TimeSpan.FromHours(3));
        _engine.Core.Scheduled.Count.ShouldBe(0);
        _engine.Fetch().ShouldBe("job-urgent");
        for (var i = 0; i < 1500; i++)
            _engine.Fetch().ShouldBe($"job-{i:d6}");
    }

    [Fact]
    public void A_waiting_fetch_gets_the_job_the_moment_it_is_due()
    {
        _engine.Push("job-00001", ",\"at\":\"2026-01-02T03:04:06Z\"");
        var waiting = _engine.Start("FETCH default");
        TestEngine.ReplyOf(waiting).ShouldBeNull();
        _engine.Pass(TimeSpan.FromSeconds(1));
        TestEngine.ReplyOf(waiting)!.ShouldContain("job-00001");
    }

    [Fact]
    public void A_fetch_gives_up_after_two_seconds()
    {
        var waiting = _engine.Start("FETCH default other");
        _engine.Pass(TimeSpan.FromMilliseconds(1999));
        TestEngine.ReplyOf(waiting).ShouldBeNull();
        _engine.Pass(TimeSpan.FromMilliseconds(1));
        TestEngine.ReplyOf(waiting).ShouldBe("$-1");
    }

    [Fact]
    public void A_reservation_ends_after_half_an_hour_and_counts_as_a_failure()
    {
        _engine.Push("job-00001");
        _engine.Fetch();
        _engine.Pass(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        _engine.Core.Reservations.Count.ShouldBe(1);
        _engine.Pass(TimeSpan.FromSeconds(1));
        _engine.Core.Reservations.Count.ShouldBe(0);
        _engine.Core.Retries.Count.ShouldBe(1);
        _engine.Core.Store.Counters.Failures.ShouldBe(1);

        _engine.Pass(TimeSpan.FromMinutes(1));
        var failure = JsonDocument.Parse(_engine.Say("FETCH default")![1..]).RootElement.GetProperty("failure");
        failure.GetProperty("errtype").GetString().ShouldBe("ReservationExpired");
        failure.GetProperty("message").GetString().ShouldBe("Faktory job reservation expired");
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(-5, 60)]
    [InlineData(90, 90)]
    [InlineData(86400, 86400)]
    public void Reserve_for_is_at_least_a_minute(int asked, int seconds)
    {
        _engine.Push("job-00001", $",\"reserve_for\":{asked}");
        _engine.Fetch();
        _engine.Pass(TimeSpan.FromSeconds(seconds - 1));
        _engine.Core.Reservations.Count.ShouldBe(1);
        _engine.Pass(TimeSpan.FromSeconds(1));
        _engine.Core.Reservations.Count.ShouldBe(0);
    }

    [Fact]
    public void A_late_ack_is_ok_and_the_job_is_tried_again_all_the_same()
    {
        _engine.Push("job-00001", ",\"reserve_for\":60");
        _engine.Fetch();
        _engine.Pass(TimeSpan.FromSeconds(61));
        _engine.Say("""ACK {"jid":"job-00001"}""").ShouldBe("+OK");
        _engine.Core.Retries.Count.ShouldBe(1);
    }

    [Fact]
    public void A_restart_keeps_what_is_left_of_a_reservation()
    {
        _engine.Push("job-00001", ",\"reserve_for\":600");
        _engine.Fetch();
        _engine.Pass(TimeSpan.FromSeconds(400));
        _engine.Restart();
        _engine.Pass(TimeSpan.FromSeconds(199));
        _engine.Core.Reservations.Count.ShouldBe(1);
        _engine.Pass(TimeSpan.FromSeconds(1));
        _engine.Core.Reservations.Count.ShouldBe(0);
        _engine.Core.Retries.Count.ShouldBe(1);
    }

    [Fact]
    public void An_ack_after_a_restart_ends_the_reservation()
    {
        _engine.Push("job-00001");
        _engine.Fetch();
        _engine.Restart();
        _engine.Core.Reservations.Count.ShouldBe(1);
        _engine.Say("""ACK {"jid":"job-00001"}""").ShouldBe("+OK");
        _engine.Restart();
        _engine.Core.Reservations.Count.ShouldBe(0);
        _engine.Core.Queues.JobCount.ShouldBe(0);
        _engine.Core.Store.Counters.Processed.ShouldBe(1);
    }
}
