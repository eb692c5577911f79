using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class UniqueJobTests
{
    const string Unique = "\"custom\":{\"unique_for\":60}";
    const string NotUnique = "-NOTUNIQUE Job not unique";

    [Fact]
    public async Task A_second_one_is_refused_until_the_first_is_done()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);

        (await TryPushAsync(client, "job-00002")).ShouldBe(NotUnique);
        await client.FetchJidAsync();
        (await TryPushAsync(client, "job-00002")).ShouldBe(NotUnique);
        (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Fact]
    public async Task It_ends_with_its_time()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);

        await server.AdvanceAsync(TimeSpan.FromSeconds(59.9));
        (await TryPushAsync(client, "job-00002")).ShouldBe(NotUnique);
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");

        // The first one's end is not the second one's.
        await client.FetchJidAsync();
        (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await TryPushAsync(client, "job-00003")).ShouldBe(NotUnique);
    }

    [Fact]
    public async Task Until_start_another_one_may_come_when_a_worker_has_the_first()
    {
        const string untilStart = "\"custom\":{\"unique_for\":60,\"unique_until\":\"start\"}";
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: untilStart);

        (await TryPushAsync(client, "job-00002", untilStart)).ShouldBe(NotUnique);
        await client.FetchJidAsync();
        (await TryPushAsync(client, "job-00002", untilStart)).ShouldBe("+OK");
        (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await TryPushAsync(client, "job-00003", untilStart)).ShouldBe(NotUnique);
    }

    [Fact]
    public async Task A_scheduled_one_is_unique_until_its_time_after_it_is_due()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: $"{Unique},\"at\":\"{TestServer.StartedAt.AddSeconds(100):O}\"");

        await server.AdvanceAsync(TimeSpan.FromSeconds(100));
        await server.UntilAsync(e => e.Queues.Find("default") is { Count: 1 });
        await server.AdvanceAsync(TimeSpan.FromSeconds(59.9));
        (await TryPushAsync(client, "job-00002")).ShouldBe(NotUnique);
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Fact]
    public async Task It_is_held_through_retries_and_freed_when_the_job_dies()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"retry\":1,\"custom\":{\"unique_for\":86400}");

        await client.FetchJidAsync();
        (await client.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await TryPushAsync(client, "job-00002")).ShouldBe(NotUnique);
        await server.AdvanceAsync(TimeSpan.FromMinutes(2));
        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await TryPushAsync(client, "job-00002")).ShouldBe(NotUnique);
        (await client.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("+OK");

        (await client.CountAsync("dead")).ShouldBe(1);
        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Fact]
    public async Task It_is_freed_when_a_job_that_is_not_retried_fails()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: $"\"retry\":0,{Unique}");
        await client.FetchJidAsync();
        (await client.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("+OK");

        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData("FLUSH")]
    [InlineData("QUEUE REMOVE default")]
    [InlineData("QUEUE REMOVE *")]
    public async Task It_is_freed_when_its_queue_goes(string command)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);
        (await client.CallAsync(command)).ShouldBe("+OK");

        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Fact]
    public async Task A_job_at_work_keeps_it_when_its_queue_goes()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);
        await client.FetchJidAsync();
        (await client.CallAsync("QUEUE REMOVE default")).ShouldBe("+OK");

        (await TryPushAsync(client, "job-00002")).ShouldBe(NotUnique);
        (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData("clear")]
    [InlineData("kill")]
    [InlineData("discard")]
    public async Task It_is_freed_when_a_retry_is_taken_away(string operation)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);
        await client.FetchJidAsync();
        (await client.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await client.CallAsync($$"""MUTATE {"cmd":"{{operation}}","target":"retries"}""")).ShouldBe("+OK");

        (await client.CountAsync("retries")).ShouldBe(0);
        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Fact]
    public async Task It_is_freed_when_one_queued_job_is_deleted()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);
        (await server.Engine.CallAsync(e =>
        {
            var queue = e.Queues.Find("default")!;
            var (at, _) = queue.Read(0, 0, 1).Single();
            return e.Removals.DeleteQueued(queue, at.Lane, at.Sequence);
        })).ShouldBeTrue();

        (await TryPushAsync(client, "job-00002")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData("[1,2.50,{\"a\":1,\"b\":[true,null]}]", "[ 1.0, 25e-1, {\"b\":[true,null],\"\\u0061\":1e0} ]")]
    [InlineData("[12345678901234567890]", "[12345678901234567890.0]")]
    [InlineData("[0]", "[-0.0e9]")]
    [InlineData("[\"\\ud800\",{\"\\udc00\":1}]", "[ \"\\ud800\", {\"\\udc00\":1} ]")]
    [InlineData("[1e99999999999999999999]", "[ 1e99999999999999999999 ]")]
    public async Task Arguments_are_compared_by_what_they_mean(string first, string second)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(Push("job-00001", first))).ShouldBe("+OK");
        (await client.CallAsync(Push("job-00002", second))).ShouldBe(NotUnique);
    }

    [Theory]
    [InlineData("[1]", "[\"1\"]")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[[],[]]", "[[[]]]")]
    [InlineData("[12345678901234567890]", "[12345678901234567891]")]
    [InlineData("[{}]", "[null]")]
    [InlineData("[10]", "[1]")]
    public async Task Arguments_that_mean_something_else_are_other_jobs(string first, string second)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(Push("job-00001", first))).ShouldBe("+OK");
        (await client.CallAsync(Push("job-00002", second))).ShouldBe("+OK");
    }

    [Fact]
    public async Task Another_type_or_queue_or_a_push_without_it_is_not_the_same()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);

        await client.PushAsync("job-00002", "other", Unique);
        (await client.CallAsync(Push("job-00003", "[1]").Replace("Thing", "Other", StringComparison.Ordinal))).ShouldBe("+OK");
        await client.PushAsync("job-00004");
    }

    [Fact]
    public async Task Many_at_once_are_answered_for_one_by_one()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSHB [{Job.Json("job-00001", more: Unique)},{Job.Json("job-00002", more: Unique)},{Job.Json("job-00003")}]"))
            .ShouldBe("""{"job-00002":"NOTUNIQUE Job not unique"}""");
        (await client.QueueSizeAsync("default")).ShouldBe(2);
    }

    [Theory]
    [InlineData("\"unique_for\":\"60\"", "unique_for must be a number of seconds")]
    [InlineData("\"unique_for\":-1", "unique_for must be a number of seconds")]
    [InlineData("\"unique_for\":60,\"unique_until\":\"end\"", "unique_until must be \"success\" or \"start\"")]
    public async Task What_cannot_be_meant_is_refused(string custom, string refusal)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await TryPushAsync(client, "job-00001", $"\"custom\":{{{custom}}}")).ShouldBe($"-ERR {refusal}");
    }

    [Fact]
    public async Task It_is_held_across_a_restart_queued_at_work_and_to_be_retried()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            foreach (var (jid, queue) in ((string, string)[])[("job-00001", "queued"), ("job-00002", "working"), ("job-00003", "retried")])
                await client.PushAsync(jid, queue, "\"custom\":{\"unique_for\":3600}");
            await client.FetchJidAsync("working");
            await client.FetchJidAsync("retried");
            (await client.CallAsync("""FAIL {"jid":"job-00003"}""")).ShouldBe("+OK");
        }
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        foreach (var queue in (string[])["queued", "working", "retried"])
            (await again.CallAsync($"PUSH {Job.Json("job-00009", queue, Unique)}")).ShouldBe(NotUnique);
        (await again.CallAsync("""ACK {"jid":"job-00002"}""")).ShouldBe("+OK");
        (await again.CallAsync($"PUSH {Job.Json("job-00009", "working", Unique)}")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Locks_that_hold_nothing_any_more_are_swept_away()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Unique);
        await client.PushAsync("job-00002", "other", "\"custom\":{\"unique_for\":3600}");

        await server.AdvanceAsync(TimeSpan.FromSeconds(61));
        await client.InfoAsync();

        (await server.Engine.CallAsync(e =>
        {
            e.Store.WritePending();
            using var locks = e.Store.Database.Scan([Keys.Unique], [Keys.Unique + 1]);
            var count = 0;
            for (; locks.IsValid; locks.Next())
                count++;
            return count;
        })).ShouldBe(1);
    }

    static string Push(string jid, string args) => $$$"""PUSH {"jid":"{{{jid}}}","jobtype":"Thing","args":{{{args}}},"custom":{"unique_for":60}}""";

    static Task<string?> TryPushAsync(WireClient client, string jid, string more = Unique) => client.CallAsync($"PUSH {Job.Json(jid, more: more)}");
}
