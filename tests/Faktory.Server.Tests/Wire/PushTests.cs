using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class PushTests
{
    const string BadName = "\"queue\":\"bad name!\"";

    // Each line is wrong in what it is refused for and in everything that is looked at later.
    [Theory]
    [InlineData("""{"at":"soon","reserve_for":86401,"queue":"a b"}""", "jobs must have a reasonable jid parameter")]
    [InlineData("""{"jid":"1234567","at":"soon","queue":"a b"}""", "jobs must have a reasonable jid parameter")]
    [InlineData("""{"jid":null}""", "jobs must have a reasonable jid parameter")]
    [InlineData("null", "jobs must have a reasonable jid parameter")]
    [InlineData("""{"jid":"12345678","at":"soon","reserve_for":86401,"queue":"a b"}""", "jobs must have a jobtype parameter")]
    [InlineData("""{"jid":"12345678","jobtype":"","at":"soon","queue":"a b"}""", "jobs must have a jobtype parameter")]
    [InlineData("""{"jid":"12345678","jobtype":"T","at":"soon","reserve_for":86401,"queue":"a b"}""", "jobs must have an args parameter")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":null,"at":"soon","reserve_for":86401}""", "jobs must have an args parameter")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"at":"soon","reserve_for":86401,"queue":"a b"}""", "jobs cannot be reserved for more than one day")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"at":"soon","reserve_for":86400,"queue":"a b"}""", "invalid timestamp for 'at': soon")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"queue":"a b"}""", """cannot get "a b" queue: queue names must match \A[a-zA-Z0-9._-]+\z""")]
    public async Task Job_is_refused_for_the_first_thing_that_is_wrong(string job, string refusal)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSH {job}")).ShouldBe($"-ERR {refusal}");
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("total_queues").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"job\"")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[]} trailing""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[]}{}""")]
    [InlineData("""{"jid":12345678,"jobtype":"T","args":[]}""")]
    [InlineData("""{"jid":"12345678","jobtype":7,"args":[]}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":{}}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":"[]"}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"queue":7}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"retry":"7"}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"retry":1.5}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"reserve_for":"7"}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"at":7}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"backtrace":true}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"created_at":7}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"custom":[]}""")]
    [InlineData("""{"jid":"12345678","jobtype":"T","args":[],"failure":[]}""")]
    public async Task What_is_not_a_job_in_json_is_refused_as_such(string job)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSH {job}"))!.ShouldStartWith("-ERR invalid JSON: ");
        (await client.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Fact]
    public async Task What_the_client_left_out_is_filled_in_behind_what_it_wrote()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("""PUSH {"jid":"12345678","jobtype":"T","args":[]}""")).ShouldBe("+OK");

        (await client.CallAsync("FETCH default")).ShouldBe(
            """{"jid":"12345678","jobtype":"T","args":[],"retry":25,"queue":"default","created_at":"2026-01-02T03:04:05Z","enqueued_at":"2026-01-02T03:04:05Z"}""");
    }

    [Fact]
    public async Task Blank_members_count_as_left_out()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("""PUSH {"queue":"","jid":"12345678","retry":null,"jobtype":"T","created_at":"","args":[],"at":"","priority":null,"custom":null,"failure":null,"backtrace":null,"reserve_for":null,"enqueued_at":null}""")).ShouldBe("+OK");

        var job = (await client.CallAsync("FETCH default"))!;
        Job.Member(job, "queue").GetString().ShouldBe("default");
        Job.Member(job, "retry").GetInt32().ShouldBe(25);
        Job.Member(job, "created_at").GetString().ShouldBe("2026-01-02T03:04:05Z");
        Job.Member(job, "enqueued_at").GetString().ShouldBe("2026-01-02T03:04:05Z");
    }

    [Fact]
    public async Task What_the_client_wrote_is_kept()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        const string Job = """{"retry":-7,"jid":"12345678","queue":"q","created_at":"yesterday","jobtype":"T","args":[],"reserve_for":-5,"backtrace":3,"priority":2""";

        (await client.CallAsync($"PUSH {Job}}}")).ShouldBe("+OK");

        (await client.CallAsync("FETCH q")).ShouldBe(Job + ""","enqueued_at":"2026-01-02T03:04:05Z"}""");
    }

    [Fact]
    public async Task Time_of_enqueueing_is_the_servers_word()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        server.Clock.Advance(TimeSpan.FromTicks(12_345_600));

        await client.PushAsync("12345678", "default", "\"enqueued_at\":\"1999-12-31T23:59:59Z\"");

        Job.Member((await client.CallAsync("FETCH default"))!, "enqueued_at").GetString().ShouldBe("2026-01-02T03:04:06.23456Z");
    }

    [Fact]
    public async Task Space_before_the_json_is_allowed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSH   {Job.Json("12345678")}  ")).ShouldBe("+OK");

        (await client.FetchJidAsync()).ShouldBe("12345678");
    }

    [Fact]
    public async Task Members_count_in_any_case()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("""PUSH {"JID":"12345678","JobType":"T","ARGS":[1],"Queue":"q"}""")).ShouldBe("+OK");

        var job = (await client.CallAsync("FETCH q"))!;
        Job.Jid(job).ShouldBe("12345678");
        Job.Member(job, "args").GetRawText().ShouldBe("[1]");
    }

    [Fact]
    public async Task Jid_may_be_pushed_twice()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.PushAsync("12345678");
        await client.PushAsync("12345678");

        (await client.QueueSizeAsync("default")).ShouldBe(2);
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T05:04:05+02:00")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task Job_for_the_past_is_enqueued_at_once_and_keeps_its_time(string at)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.PushAsync("12345678", "default", $"\"at\":\"{at}\"");

        Job.Member((await client.CallAsync("FETCH default"))!, "at").GetString().ShouldBe(at);
    }

    [Theory]
    [InlineData("2026-01-02T03:04:06Z", 1)]
    [InlineData("2026-01-02T03:04:05.0000001Z", 1)]
    [InlineData("2026-01-02T01:05:05-02:00", 60)]
    public async Task Job_for_later_is_enqueued_when_its_time_has_come(string at, int seconds)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678", "default", $"\"at\":\"{at}\"");

        (await client.CountAsync("scheduled")).ShouldBe(1);
        (await client.QueueSizeAsync("default")).ShouldBeNull();
        await server.AdvanceAsync(TimeSpan.FromSeconds(seconds));

        (await client.CountAsync("scheduled")).ShouldBe(0);
        var job = (await client.CallAsync("FETCH default"))!;
        Job.Member(job, "at").GetString().ShouldBe(at);
        Job.Member(job, "created_at").GetString().ShouldBe("2026-01-02T03:04:05Z");
        DateTimeOffset.Parse(Job.Member(job, "enqueued_at").GetString()!, null).ShouldBe(TestServer.StartedAt.AddSeconds(seconds));
    }

    [Theory]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02 03:04:05Z")]
    [InlineData("2026-01-02T03:04:05")]
    [InlineData("2026-13-02T03:04:05Z")]
    [InlineData("2026-02-29T03:04:05Z")]
    [InlineData("2026-01-02T24:00:00Z")]
    [InlineData("2026-01-02T03:04:60Z")]
    [InlineData("2026-01-02T03:04:05.Z")]
    [InlineData("2026-01-02T03:04:05+0200")]
    [InlineData("2026-01-02T03:04:05Zzz")]
    [InlineData("9999-12-31T23:59:59-23:59")]
    public async Task Time_that_is_none_is_refused(string at)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSH {Job.Json("12345678", "default", $"\"at\":\"{at}\"")}")).ShouldBe($"-ERR invalid timestamp for 'at': {at}");
    }

    [Fact]
    public async Task Name_of_the_queue_is_checked_also_when_the_job_is_for_later()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("PUSH {\"jid\":\"12345678\",\"jobtype\":\"T\",\"args\":[],\"at\":\"2027-01-01T00:00:00Z\"," + BadName + "}"))!
            .ShouldStartWith("-ERR cannot get \"bad name!\" queue: ");
    }

    [Fact]
    public async Task Urgent_jobs_come_first_and_equal_ones_in_their_order()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var (jid, priority) in ((string, string)[])[("default-1", "null"), ("lowest--1", "1"), ("highest-1", "9"), ("default-2", "5"), ("highest-2", "99"), ("lowest--2", "-3")])
            await client.PushAsync(jid, "default", $"\"priority\":{priority}");

        var order = new List<string?>();
        while (order is not [.., null])
            order.Add(await server.FetchNowAsync(client));

        order.ShouldBe(["highest-1", "highest-2", "default-1", "default-2", "lowest--1", "lowest--2", null]);
    }
}
