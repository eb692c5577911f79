using System.Text.Json;
using Faktory.Server.Batches;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

/// <summary>BATCH as client libraries read it, byte by byte where they are particular.</summary>
public sealed class BatchWireTests
{
    const string Success = "\"success\":{\"jid\":\"success-01\",\"jobtype\":\"Won\",\"args\":[],\"queue\":\"callbacks\"}";

    [Fact]
    public async Task Ids_and_states_are_bulks_and_a_commit_is_a_plain_ok()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync($"BATCH NEW {{\"bid\":\"\",{Success}}}\r\n");
        var length = await client.ReadLineAsync();
        var bid = await client.ReadLineAsync();
        length.ShouldBe($"${bid.Length}");
        bid.ShouldStartWith("b-");
        await client.SendAsync($"BATCH OPEN {bid}\r\n");
        (await client.ReadLineAsync()).ShouldBe($"${bid.Length}");
        (await client.ReadLineAsync()).ShouldBe(bid);
        await client.SendAsync($"BATCH COMMIT {bid}\r\n");
        (await client.ReadLineAsync()).ShouldBe("+OK");
        await client.SendAsync($"BATCH STATUS {bid}\r\n");
        (await client.ReadLineAsync()).ShouldStartWith("$");
    }

    [Fact]
    public async Task Status_has_all_that_was_given_and_nothing_that_was_not()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var parent = await client.CallAsync($"BATCH NEW {{{Success}}}");
        var child = await client.CallAsync($"BATCH NEW {{\"parent_bid\":\"{parent}\",\"description\":\"über \\\"alles\\\"\",{Success}}}");

        (await client.CallAsync($"BATCH STATUS {parent}")).ShouldBe(
            $$"""{"bid":"{{parent}}","created_at":"2026-01-02T03:04:05Z","total":0,"pending":0,"failed":0,"complete_st":"","success_st":""}""");
        var status = JsonElement.Parse((await client.CallAsync($"BATCH STATUS {child}"))!);
        status.GetProperty("parent_bid").GetString().ShouldBe(parent);
        status.GetProperty("description").GetString().ShouldBe("über \"alles\"");
    }

    [Fact]
    public async Task Jobs_join_by_PUSHB_and_run_before_the_commit()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await client.CallAsync($"BATCH NEW {{{Success}}}");
        var member = $"\"custom\":{{\"bid\":\"{bid}\"}}";

        (await client.CallAsync($"PUSHB [{Job.Json("job-00001", more: member)},{Job.Json("job-00002")},{Job.Json("job-00003", more: "\"custom\":{\"bid\":\"b-gone\"}")},{Job.Json("job-00004", more: member)}]"))
            .ShouldBe("""{"job-00003":"no such batch b-gone"}""");

        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await CountsAsync(client, bid)).ShouldBe((2, 2, 0));
    }

    [Fact]
    public async Task A_unique_job_may_be_in_a_batch_and_one_that_is_refused_is_not()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await client.CallAsync($"BATCH NEW {{{Success}}}");
        var member = $"\"custom\":{{\"bid\":\"{bid}\",\"unique_for\":60}}";

        await client.PushAsync("job-00001", more: member);
        (await client.CallAsync($"PUSH {Job.Json("job-00002", more: member)}")).ShouldBe("-NOTUNIQUE Job not unique");

        (await CountsAsync(client, bid)).ShouldBe((1, 1, 0));
        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");
        (await client.CallAsync($"BATCH COMMIT {bid}")).ShouldBe("+OK");
        (await client.FetchJidAsync("callbacks")).ShouldBe("success-01");
    }

    [Fact]
    public async Task Jobs_that_join_after_a_callback_was_enqueued_are_taken_and_it_comes_no_second_time()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await client.CallAsync($"BATCH NEW {{{Success}}}");
        (await client.CallAsync($"BATCH COMMIT {bid}")).ShouldBe("+OK");

        await client.PushAsync("job-00001", more: $"\"custom\":{{\"bid\":\"{bid}\"}}");
        (await CountsAsync(client, bid)).ShouldBe((1, 1, 0));
        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");
        (await client.CallAsync($"BATCH COMMIT {bid}")).ShouldBe("+OK");

        (await client.FetchJidAsync("callbacks")).ShouldBe("success-01");
        (await client.QueueSizeAsync("callbacks")).ShouldBe(0);
        (await CountsAsync(client, bid)).ShouldBe((1, 0, 0));
    }

    [Fact]
    public async Task An_acknowledgement_that_comes_twice_counts_once()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await client.CallAsync($"BATCH NEW {{{Success}}}");
        foreach (var jid in (string[])["job-00001", "job-00002"])
            await client.PushAsync(jid, more: $"\"custom\":{{\"bid\":\"{bid}\"}}");
        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");
        await AckAsync(client, "job-00001");

        (await CountsAsync(client, bid)).ShouldBe((2, 1, 0));
    }

    [Fact]
    public async Task A_finished_one_can_be_asked_for_during_a_week_and_one_that_is_not_for_half_a_year()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var finished = await client.CallAsync($"BATCH NEW {{{Success}}}");
        await client.CallAsync($"BATCH COMMIT {finished}");
        await AckAsync(client, (await client.FetchJidAsync("callbacks"))!);
        var waiting = await client.CallAsync($"BATCH NEW {{{Success}}}");
        await client.PushAsync("job-00001", more: $"\"custom\":{{\"bid\":\"{waiting}\"}}");
        await client.CallAsync($"BATCH COMMIT {waiting}");

        await server.AdvanceAsync(BatchFlow.FinishedFor - TimeSpan.FromMinutes(1));
        await CountsAsync(client, finished);
        await server.AdvanceAsync(TimeSpan.FromMinutes(5));
        await server.UntilAsync(e => e.Batches.Find(finished!) is null);
        (await client.CallAsync($"BATCH STATUS {finished}")).ShouldBe($"-ERR no such batch {finished}");
        await CountsAsync(client, waiting);
        await server.AdvanceAsync(BatchFlow.KeptFor);
        await server.UntilAsync(e => e.Batches.Find(waiting!) is null);
    }

    static async Task AckAsync(WireClient client, string jid) => (await client.CallAsync($$"""ACK {"jid":"{{jid}}"}""")).ShouldBe("+OK");

    static async Task<(int Total, int Pending, int Failed)> CountsAsync(WireClient client, string? bid)
    {
        var status = JsonElement.Parse((await client.CallAsync($"BATCH STATUS {bid}"))!);
        return (status.GetProperty("total").GetInt32(), status.GetProperty("pending").GetInt32(), status.GetProperty("failed").GetInt32());
    }
}
