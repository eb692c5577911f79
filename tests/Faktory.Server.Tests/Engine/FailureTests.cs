using System.Text;
using System.Text.Json;
using Faktory.Server.Engine;

namespace Faktory.Server.Tests.Engine;

public sealed class FailureTests : IDisposable
{
    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_failed_job_comes_back_with_its_failure_and_all_else_as_it_was()
    {
        _engine.Say("""PUSH {"jid":"job-00001","jobtype":"T","args":[1.0, 12345678901234567890],"mine":{"b":1,"a":2},"retry":3}""").ShouldBe("+OK");
        FailOnce("job-00001", """,{"message":"it broke","errtype":"Broken","backtrace":["a.rb:1","b.rb:2"]}"""[1..]);
        _engine.Pass(TimeSpan.FromMinutes(2));

        var json = FetchJson();
        json.ShouldContain("[1.0, 12345678901234567890]");
        json.ShouldContain("""{"b":1,"a":2}""");
        var failure = JsonDocument.Parse(json).RootElement.GetProperty("failure");
        failure.GetProperty("message").GetString().ShouldBe("it broke");
        failure.GetProperty("errtype").GetString().ShouldBe("Broken");
        failure.GetProperty("retry_count").GetInt32().ShouldBe(0);
        failure.GetProperty("remaining").GetInt32().ShouldBe(3);
        failure.GetProperty("backtrace").GetArrayLength().ShouldBe(2);
        failure.GetProperty("failed_at").GetString().ShouldBe("2026-01-02T03:04:05Z");
    }

    [Fact]
    public void A_job_is_tried_once_and_as_often_again_as_its_retry_says()
    {
        _engine.Push("job-00001", ",\"retry\":2");
        for (var i = 0; i < 3; i++)
        {
            _engine.Fetch().ShouldBe("job-00001");
            Fail("job-00001");
            _engine.Pass(TimeSpan.FromHours(1));
        }
        _engine.Fetch().ShouldBeNull();
        _engine.Core.Dead.Count.ShouldBe(1);
        _engine.Core.Retries.Count.ShouldBe(0);
    }

    [Fact]
    public void Without_retry_in_the_job_there_are_25()
    {
        _engine.Push("job-00001");
        for (var i = 0; i < 26; i++)
        {
            _engine.Core.Dead.Count.ShouldBe(0);
            _engine.Fetch().ShouldBe("job-00001");
            Fail("job-00001");
            _engine.Pass(TimeSpan.FromDays(10));
        }
        _engine.Core.Dead.Count.ShouldBe(1);
    }

    [Fact]
    public void Retry_0_forgets_the_job_and_retry_below_0_buries_it_at_once()
    {
        _engine.Push("job-00000", ",\"retry\":0");
        _engine.Push("job-minus", ",\"retry\":-1");
        FailOnce("job-00000");
        FailOnce("job-minus");
        _engine.Core.Retries.Count.ShouldBe(0);
        _engine.Core.Dead.Count.ShouldBe(1);
        _engine.Restart();
        _engine.Core.Dead.Count.ShouldBe(1);
    }

    [Fact]
    public void One_clients_retry_does_not_change_anothers_default()
    {
        _engine.Push("job-00001", ",\"retry\":0");
        _engine.Push("job-00002");
        FailOnce("job-00001");
        FailOnce("job-00002");
        _engine.Core.Retries.Count.ShouldBe(1);
    }

    [Fact]
    public void Failing_what_is_not_at_work_is_an_error()
    {
        _engine.Say("""FAIL {"jid":"job-00001"}""").ShouldBe("-ERR Job not found job-00001");
        _engine.Push("job-00001");
        FailOnce("job-00001");
        _engine.Say("""FAIL {"jid":"job-00001"}""").ShouldBe("-ERR Job not found job-00001");
    }

    [Fact]
    public void Dead_jobs_are_forgotten_after_180_days()
    {
        _engine.Push("job-00001", ",\"retry\":-1");
        FailOnce("job-00001");
        _engine.Pass(TimeSpan.FromDays(180) - TimeSpan.FromSeconds(1));
        _engine.Core.Dead.Count.ShouldBe(1);
        _engine.Pass(TimeSpan.FromSeconds(1));
        _engine.Core.Dead.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 15, 15 + 29)]
    [InlineData(1, 16, 16 + 29 * 2)]
    [InlineData(24, 331_791, 331_791 + 29 * 25)]
    public void The_delay_grows_with_the_fourth_power_and_some_chance(int retryCount, int secondsMin, int secondsMax)
    {
        var dice = new Random(1);
        for (var i = 0; i < 200; i++)
            FailurePolicy.DelayBefore(retryCount, dice).TotalSeconds.ShouldBeInRange(secondsMin, secondsMax);
    }

    [Fact]
    public void Error_texts_are_cut_to_the_wires_bounds()
    {
        _engine.Push("job-00001");
        var lines = string.Join(',', Enumerable.Repeat("\"line\"", 51));
        FailOnce("job-00001", $$"""{"errtype":"{{new string('é', 60)}}","message":"{{new string('m', 1001)}}","backtrace":[{{lines}}]}""");
        _engine.Pass(TimeSpan.FromMinutes(2));
        var failure = JsonDocument.Parse(FetchJson()).RootElement.GetProperty("failure");
        Encoding.UTF8.GetByteCount(failure.GetProperty("errtype").GetString()!).ShouldBe(100);
        failure.GetProperty("message").GetString()!.Length.ShouldBe(1000);
        failure.GetProperty("backtrace").GetArrayLength().ShouldBe(50);
    }

    [Fact]
    public void A_message_cut_in_the_middle_of_a_character_is_recorded_all_the_same()
    {
        _engine.Push("job-00001");
        FailOnce("job-00001", """{"message":"smile \ud83d","errtype":""}""");
        _engine.Pass(TimeSpan.FromMinutes(2));
        var failure = JsonDocument.Parse(FetchJson()).RootElement.GetProperty("failure");
        failure.GetProperty("message").GetString().ShouldBe("smile \ufffd");
        failure.GetProperty("errtype").GetString().ShouldBe("unknown");
    }

    void FailOnce(string jid, string report = "{}")
    {
        _engine.Fetch().ShouldBe(jid);
        Fail(jid, report);
    }

    void Fail(string jid, string report = "{}") =>
        _engine.Say($"FAIL {report.Replace("{", $"{{\"jid\":\"{jid}\"" + (report == "{}" ? "" : ","), StringComparison.Ordinal)}").ShouldBe("+OK");

    string FetchJson() => _engine.Say("FETCH default")![1..];
}
