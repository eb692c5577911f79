using System.Text.Json;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class DebounceTests
{
    const string ForTen = "\"custom\":{\"debounce_for\":10}";

    [Fact]
    public async Task Of_jobs_that_follow_each_other_only_the_last_runs_and_only_when_none_has_followed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        for (var i = 1; i <= 3; i++)
        {
            await client.PushAsync($"job-0000{i}", more: ForTen);
            (await client.CountAsync("scheduled")).ShouldBe(1);
            await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        }
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        (await client.FetchJidAsync()).ShouldBe("job-00003");
        (await client.CountAsync("scheduled")).ShouldBe(0);
        (await client.CallAsync("""ACK {"jid":"job-00003"}""")).ShouldBe("+OK");
        (await server.FetchNowAsync(client)).ShouldBeNull();
    }

    [Fact]
    public async Task It_runs_when_its_window_ends_and_not_before()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: ForTen);
        await server.AdvanceAsync(TimeSpan.FromSeconds(9.9));
        (await client.QueueSizeAsync("default")).ShouldBeNull();
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        (await client.QueueSizeAsync("default")).ShouldBe(1);
    }

    [Theory]
    [InlineData(",\"debounce_max\":25", 25)]
    [InlineData("", 100)]
    public async Task However_many_follow_one_runs_when_the_longest_wait_is_over(string max, int seconds)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        for (var second = 0; second < seconds; second += 5)
        {
            await client.PushAsync($"job-{second:00000}", more: $"\"custom\":{{\"debounce_for\":10{max}}}");
            await server.AdvanceAsync(TimeSpan.FromSeconds(4.9));
            (await client.QueueSizeAsync("default")).ShouldBeNull($"after {second} s");
            await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        }
        (await client.FetchJidAsync()).ShouldBe($"job-{seconds - 5:00000}");
        // What comes now waits anew.
        await client.PushAsync("job-after", more: ForTen);
        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        (await client.CountAsync("scheduled")).ShouldBe(1);
    }

    [Fact]
    public async Task Those_of_another_type_queue_or_key_do_not_replace_each_other_and_those_with_other_arguments_do()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: ForTen);
        await client.PushAsync("job-00002", "other", ForTen);
        await client.PushAsync("job-00003", more: "\"custom\":{\"debounce_for\":10,\"debounce_key\":\"a\"}");
        await client.PushAsync("job-00004", more: "\"custom\":{\"debounce_for\":10,\"debounce_key\":\"b\"}");
        (await client.CallAsync($$"""PUSH {"jid":"job-00005","jobtype":"Other","args":[1],{{ForTen}}}""")).ShouldBe("+OK");
        (await client.CountAsync("scheduled")).ShouldBe(5);

        (await client.CallAsync($$"""PUSH {"jid":"job-00006","jobtype":"Thing","args":["else"],{{ForTen}}}""")).ShouldBe("+OK");
        (await client.CallAsync("""PUSH {"jid":"job-00007","jobtype":"Th\u0069ng","args":[],"custom":{"debounce_for":10,"debounce_key":"\u0061"}}""")).ShouldBe("+OK");
        (await client.CountAsync("scheduled")).ShouldBe(5);
        await server.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await client.QueueSizeAsync("default")).ShouldBe(4);
        var left = new List<string?>();
        while (await server.FetchNowAsync(client, "default other") is { } jid)
            left.Add(jid);
        left.Order().ShouldBe(["job-00002", "job-00004", "job-00005", "job-00006", "job-00007"]);
    }

    [Fact]
    public async Task Pushed_together_each_replaces_the_one_before()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        (await client.CallAsync($"PUSHB [{Job.Json("job-00001", more: ForTen)},{Job.Json("job-00002")},{Job.Json("job-00003", more: ForTen)},{Job.Json("job-00004", more: "\"custom\":{\"debounce_for\":0}")}]"))
            .ShouldBe("""{"job-00004":"debounce_for must be a number of seconds above 0 and at most 2592000"}""");

        (await client.FetchJidAsync()).ShouldBe("job-00002");
        await server.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await client.FetchJidAsync()).ShouldBe("job-00003");
        (await client.CountAsync("scheduled")).ShouldBe(0);
    }

    [Fact]
    public async Task A_restart_forgets_neither_who_waits_nor_since_when()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
            await client.PushAsync("job-00001", more: "\"custom\":{\"debounce_for\":10,\"debounce_max\":15}");
        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();
        await again.PushAsync("job-00002", more: "\"custom\":{\"debounce_for\":10,\"debounce_max\":15}");
        (await again.CountAsync("scheduled")).ShouldBe(1);

        await server.AdvanceAsync(TimeSpan.FromSeconds(5.9));
        (await again.QueueSizeAsync("default")).ShouldBeNull();
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        (await again.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Theory]
    [InlineData("""MUTATE {"cmd":"clear","target":"scheduled"}""")]
    [InlineData("""MUTATE {"cmd":"discard","target":"scheduled","filter":{"jids":["job-00001"]}}""")]
    [InlineData("""MUTATE {"cmd":"kill","target":"scheduled"}""")]
    [InlineData("""MUTATE {"cmd":"requeue","target":"scheduled"}""")]
    [InlineData("""CANCEL {"jid":"job-00001"}""")]
    [InlineData("FLUSH")]
    public async Task One_that_waits_no_more_is_not_replaced(string line)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"custom\":{\"debounce_for\":10,\"debounce_max\":15}");
        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        await client.CallAsync(line);
        await client.PushAsync("job-00002", more: "\"custom\":{\"debounce_for\":10,\"debounce_max\":15}");
        (await client.CountAsync("scheduled")).ShouldBe(1);
        var before = (await client.QueueSizeAsync("default"), await client.CountAsync("dead"));
        // Not even the time of the first one is left of it.
        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        (await client.CountAsync("scheduled")).ShouldBe(1);
        (await client.QueueSizeAsync("default"), await client.CountAsync("dead")).ShouldBe(before);
    }

    [Fact]
    public async Task One_at_work_or_to_be_retried_is_not_replaced_and_a_retry_does_not_wait_to_be()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: ForTen);
        await server.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await client.FetchJidAsync()).ShouldBe("job-00001");
        await client.PushAsync("job-00002", more: ForTen);
        (await client.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("+OK");
        await client.PushAsync("job-00003", more: ForTen);
        (await client.CountAsync("retries"), await client.CountAsync("scheduled")).ShouldBe((1, 1));
        (await client.CallAsync("""MUTATE {"cmd":"requeue","target":"retries"}""")).ShouldBe("+OK");

        (await client.FetchJidAsync()).ShouldBe("job-00001");
        await server.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await client.FetchJidAsync()).ShouldBe("job-00003");
    }

    [Fact]
    public async Task A_tracked_one_that_is_replaced_is_unknown()
    {
        const string Tracked = "\"custom\":{\"debounce_for\":10,\"track\":1}";
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Tracked);
        (await StateAsync(client, "job-00001")).ShouldBe("enqueued");
        await client.PushAsync("job-00002", more: Tracked);
        (await StateAsync(client, "job-00001"), await StateAsync(client, "job-00002")).ShouldBe(("unknown", "enqueued"));
    }

    [Fact]
    public async Task An_expiring_one_expires_so_long_after_its_window()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"custom\":{\"debounce_for\":10,\"expires_in\":5}");
        await server.AdvanceAsync(TimeSpan.FromSeconds(14.9));
        (await client.QueueSizeAsync("default")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        (await client.QueueSizeAsync("default")).ShouldBe(0);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_lengthen_the_longest_wait()
    {
        const string AtMost = "\"custom\":{\"debounce_for\":10,\"debounce_max\":15}";
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: AtMost);
        server.Clock.AdjustTime(TestServer.StartedAt.AddHours(-1));
        await client.PushAsync("job-00002", more: AtMost);
        await server.AdvanceAsync(TimeSpan.FromSeconds(9));
        await client.PushAsync("job-00003", more: AtMost);
        await server.AdvanceAsync(TimeSpan.FromSeconds(6));
        (await client.FetchJidAsync()).ShouldBe("job-00003");
    }

    [Fact]
    public async Task Replaced_jobs_are_counted_and_the_count_survives_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            for (var i = 1; i <= 3; i++)
                await client.PushAsync($"job-0000{i}", more: ForTen);
        }
        await server.RestartAsync();
        (await server.Engine.CallAsync(engine => engine.Store.Counters.Replaced)).ShouldBe(2);
    }

    [Theory]
    [InlineData("\"custom\":{\"debounce_for\":\"10\"}", "debounce_for must be a number of seconds above 0 and at most 2592000")]
    [InlineData("\"custom\":{\"debounce_for\":2592001}", "debounce_for must be a number of seconds above 0 and at most 2592000")]
    [InlineData("\"custom\":{\"debounce_for\":10,\"debounce_max\":0}", "debounce_max must be a number of seconds above 0 and at most 2592000")]
    [InlineData("\"custom\":{\"debounce_for\":10,\"debounce_max\":9}", "debounce_max must not be less than debounce_for")]
    [InlineData("\"custom\":{\"debounce_for\":10,\"debounce_key\":7}", "debounce_key must be a string of at most 1000 bytes")]
    [InlineData("\"custom\":{\"debounce_for\":10,\"unique_for\":60}", "a job cannot have both debounce_for and unique_for: the one replaces the job that waits, the other refuses the new one")]
    [InlineData("\"custom\":{\"debounce_for\":10,\"bid\":\"b-1\"}", "a job of a batch cannot have debounce_for: its batch would wait for one that was replaced")]
    [InlineData("\"at\":\"2027-01-01T00:00:00Z\",\"custom\":{\"debounce_for\":10}", "a job cannot have both debounce_for and at: when it runs follows from the last push")]
    public async Task What_makes_no_sense_is_refused_with_the_reason(string more, string reason)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        (await client.CallAsync($"PUSH {Job.Json("job-00001", more: more)}")).ShouldBe($"-ERR {reason}");
    }

    [Fact]
    public async Task The_longest_window_and_key_are_taken_and_a_callback_with_a_window_is_not()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: $"\"custom\":{{\"debounce_for\":2592000,\"debounce_key\":\"{new string('k', 1000)}\"}}");
        (await client.CallAsync($"PUSH {Job.Json("job-00002", more: $"\"custom\":{{\"debounce_for\":10,\"debounce_key\":\"{new string('k', 1001)}\"}}")}"))!.ShouldStartWith("-ERR debounce_key must be");
        (await client.CallAsync($"BATCH NEW {{\"success\":{Job.Json("job-00003", more: ForTen)}}}")).ShouldBe("-ERR the success callback: it cannot have debounce_for: each has to run");
    }

    static async Task<string?> StateAsync(WireClient client, string jid) =>
        JsonElement.Parse((await client.CallAsync($"TRACK GET {jid}"))!).GetProperty("state").GetString();
}
