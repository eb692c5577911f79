using System.Text.Json;
using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

public sealed class FaktoryProducerTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
{
    readonly FaktoryProducer _producer = new(fixture.Server.Options);

    public async ValueTask InitializeAsync() => await _producer.FlushAsync();

    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    [Fact]
    public async Task Pushed_job_is_fetched_as_it_was()
    {
        var pushed = FaktoryJob.Create("Mail") with
        {
            Queue = "mail",
            Retry = 3,
            ReserveFor = TimeSpan.FromMinutes(5),
            Args = JsonElement.Parse("""[12345678901234567890,1.0,1e3,{"b":"<&>é","a":null}]"""),
            Custom = JsonElement.Parse("""{"trace":9007199254740993}"""),
        };

        (await _producer.PushAsync(pushed)).ShouldBe(pushed.Jid);

        var fetched = (await FetchAsync("mail"))!;
        fetched.ShouldSatisfyAllConditions(
            () => fetched.Jid.ShouldBe(pushed.Jid),
            () => fetched.JobType.ShouldBe("Mail"),
            () => fetched.Retry.ShouldBe(3),
            () => fetched.ReserveFor.ShouldBe(TimeSpan.FromMinutes(5)),
            () => fetched.Args.GetRawText().ShouldBe("""[12345678901234567890,1.0,1e3,{"b":"<&>é","a":null}]"""),
            () => fetched.Custom!.Value.GetRawText().ShouldBe("""{"trace":9007199254740993}"""),
            () => fetched.EnqueuedAt.ShouldNotBeNull(),
            () => fetched.CreatedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task Job_for_later_is_scheduled()
    {
        await _producer.PushAsync(FaktoryJob.Create("Later") with { At = TimeProvider.System.GetUtcNow().AddHours(1) });

        (await _producer.InfoAsync()).Scheduled.ShouldBe(1);
    }

    [Fact]
    public async Task Refused_jobs_of_a_bulk_are_named_and_the_others_are_in()
    {
        var good = FaktoryJob.Create("Bulk");
        var bad = FaktoryJob.Create("Bulk") with { ReserveFor = TimeSpan.FromDays(2) };

        var refused = await _producer.PushBulkAsync([good, bad]);

        refused.Keys.ShouldBe([bad.Jid]);
        refused[bad.Jid].ShouldContain("one day");
        (await _producer.InfoAsync()).Queues["default"].ShouldBe(1);
    }

    [Fact]
    public async Task Refused_job_is_told_with_code_and_reason()
    {
        var refused = await Should.ThrowAsync<FaktoryCommandException>(() => _producer.PushAsync(FaktoryJob.Create("Mail") with { Jid = "short" }));

        refused.Code.ShouldBe("ERR");
        refused.Message.ShouldBe("jobs must have a reasonable jid parameter");
    }

    [Fact]
    public async Task Paused_queue_gives_nothing_until_it_is_resumed()
    {
        await _producer.PushAsync(FaktoryJob.Create("Wait") with { Queue = "paused" });
        await _producer.PauseQueuesAsync(["paused"]);
        (await FetchAsync("paused")).ShouldBeNull();

        await _producer.ResumeQueuesAsync(["paused"]);

        (await FetchAsync("paused")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Removed_queue_is_gone_with_its_jobs()
    {
        await _producer.PushAsync(FaktoryJob.Create("Gone") with { Queue = "removed" });

        await _producer.RemoveQueuesAsync(["removed"]);

        (await _producer.InfoAsync()).Queues.ContainsKey("removed").ShouldBeFalse();
    }

    [Fact]
    public async Task Latency_is_the_age_of_the_oldest_job()
    {
        await _producer.PushAsync(FaktoryJob.Create("Old") with { Queue = "old" });

        var latency = await _producer.QueueLatencyAsync(["old", "unknown"]);

        latency["old"].ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        latency["unknown"].ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Info_names_the_server_and_counts_its_work()
    {
        await _producer.PushAsync(FaktoryJob.Create("Done"));
        await _producer.SendAsync(FaktoryCommands.Ack((await FetchAsync("default"))!.Jid));

        var info = await _producer.InfoAsync();

        info.TotalProcessed.ShouldBe(1);
        info.Working.ShouldBe(0);
        info.Version.ShouldStartWith("1.");
        info.Description.ShouldNotBeEmpty();
        info.Connections.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Fetch_of_empty_queues_gives_nothing() => (await FetchAsync("nothing", "here")).ShouldBeNull();

    [Fact]
    public async Task Failed_job_comes_back_with_its_failure()
    {
        await _producer.PushAsync(FaktoryJob.Create("Fail") with { Retry = -1 });
        var job = (await FetchAsync("default"))!;

        await _producer.SendAsync(FaktoryCommands.Fail(job.Jid, "Oops", "no such address", ["line 1", "line 2"]));

        (await _producer.InfoAsync()).Dead.ShouldBe(1);
    }

    [Fact]
    public async Task Wrong_password_is_an_authentication_exception()
    {
        var options = fixture.Server.Options;

        await Should.ThrowAsync<FaktoryAuthenticationException>(
            () => FaktoryConnection.OpenAsync(options with { Url = options.Url with { Password = "wrong" } }));
        await Should.ThrowAsync<FaktoryAuthenticationException>(
            () => FaktoryConnection.OpenAsync(options with { Url = options.Url with { Password = null } }));
    }

    [Fact]
    public async Task Many_threads_push_over_a_few_connections()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => _producer.PushAsync(FaktoryJob.Create("Many", i))));

        (await _producer.InfoAsync()).TotalEnqueued.ShouldBe(500);
    }

    Task<FaktoryJob?> FetchAsync(params string[] queues) => _producer.SendAsync(FaktoryCommands.Fetch(queues));
}
