using System.Text.Json;
using Faktory.Server.Engine;
using Faktory.Server.Tests.Engine;

namespace Faktory.Server.Tests.Features;

/// <summary>What is told of a tracked job that is gone does not depend on how it went, nor on what other jobs are there.</summary>
public sealed class DeletedTrackedJobTests : IDisposable
{
    const string Tracked = ",\"custom\":{\"track\":1}";
    const string Later = ",\"at\":\"2027-01-01T00:00:00Z\"";

    readonly TestEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("scheduled", "clear", "unknown")]
    [InlineData("scheduled", "discard", "unknown")]
    [InlineData("scheduled", "kill", "dead")]
    [InlineData("retries", "clear", "unknown")]
    [InlineData("retries", "discard", "unknown")]
    [InlineData("retries", "kill", "dead")]
    [InlineData("dead", "clear", "unknown")]
    [InlineData("dead", "discard", "unknown")]
    public void One_of_a_set_that_is_mutated_is_unknown_or_dead(string target, string operation, string state)
    {
        foreach (var isAlone in (bool[])[true, false])
        {
            using var engine = new TestEngine();
            if (!isAlone)
                engine.Push("unique-01", ",\"queue\":\"other\",\"custom\":{\"unique_for\":3600}").ShouldBe("+OK");
            Fill(engine, target);
            engine.Say($$"""MUTATE {"cmd":"{{operation}}","target":"{{target}}"}""").ShouldBe("+OK");

            StateOf(engine).ShouldBe(state, $"alone: {isAlone}");
            engine.Restart();
            StateOf(engine).ShouldBe(state, $"alone: {isAlone}, after a restart");
        }
    }

    [Fact]
    public void One_of_a_queue_that_is_removed_is_unknown_also_after_a_restart_and_when_the_queue_is_made_anew()
    {
        _engine.Push("job-00001", Tracked);
        _engine.Say("QUEUE REMOVE default").ShouldBe("+OK");
        StateOf(_engine).ShouldBe("unknown");
        _engine.Push("job-00002");
        StateOf(_engine).ShouldBe("unknown");
        _engine.Restart();
        StateOf(_engine).ShouldBe("unknown");
    }

    [Fact]
    public void One_at_work_while_its_queue_is_removed_goes_on()
    {
        var worker = TestEngine.Worker("wid-1");
        _engine.Push("job-00001", Tracked);
        _engine.Fetch("default", worker);
        _engine.Say("QUEUE REMOVE default").ShouldBe("+OK");
        StateOf(_engine).ShouldBe("working");
        _engine.Say("""FAIL {"jid":"job-00001"}""", worker).ShouldBe("+OK");
        StateOf(_engine).ShouldBe("failed");
        _engine.Pass(TimeSpan.FromMinutes(2));
        StateOf(_engine).ShouldBe("enqueued");
    }

    [Fact]
    public void One_that_is_flushed_is_unknown()
    {
        _engine.Push("job-00001", Tracked);
        _engine.Say("FLUSH").ShouldBe("+OK");
        StateOf(_engine).ShouldBe("unknown");
    }

    [Fact]
    public void A_dead_one_that_is_forgotten_for_others_is_unknown()
    {
        Fill(_engine, "dead");
        _engine.Core.Limits = EngineLimits.Default with { DeadJobsMax = 1 };
        _engine.Push("job-00002", ",\"retry\":-1");
        _engine.Fetch();
        _engine.Say("""FAIL {"jid":"job-00002"}""").ShouldBe("+OK");
        _engine.Pass(TimeSpan.Zero);

        _engine.Core.Dead.Count.ShouldBe(1);
        StateOf(_engine).ShouldBe("unknown");
    }

    /// <summary>A callback may be for later, and then lands in the set that is being cleared.</summary>
    [Fact]
    public void Clearing_the_scheduled_jobs_spares_the_callback_that_follows_from_it()
    {
        var bid = _engine.Say($"BATCH NEW {{\"complete\":{{\"jid\":\"done-0001\",\"jobtype\":\"T\",\"args\":[]{Later}}}}}")![1..];
        _engine.Push("job-00001", $"{Later},\"custom\":{{\"bid\":\"{bid}\"}}");
        _engine.Push("job-00002", Later);
        _engine.Say($"BATCH COMMIT {bid}").ShouldBe("+OK");
        _engine.Say("""MUTATE {"cmd":"clear","target":"scheduled"}""").ShouldBe("+OK");

        _engine.Core.Scheduled.Count.ShouldBe(1);
        _engine.Pass(TimeSpan.FromDays(365));
        _engine.Fetch().ShouldBe("done-0001");
        _engine.Fetch().ShouldBeNull();
    }

    static void Fill(TestEngine engine, string target)
    {
        var rest = target switch { "scheduled" => Later, "retries" => "", _ => ",\"retry\":-1" };
        foreach (var (jid, custom) in ((string, string)[])[("job-00000", ""), ("job-00001", Tracked), ("job-00003", "")])
        {
            engine.Push(jid, rest + custom).ShouldBe("+OK");
            if (target == "scheduled")
                continue;
            engine.Fetch().ShouldBe(jid);
            engine.Say($$"""FAIL {"jid":"{{jid}}"}""").ShouldBe("+OK");
        }
    }

    static string? StateOf(TestEngine engine) => JsonElement.Parse(engine.Say("TRACK GET job-00001")![1..]).GetProperty("state").GetString();
}
