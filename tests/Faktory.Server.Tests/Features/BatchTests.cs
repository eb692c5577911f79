using System.Text.Json;
using Faktory.Server.Batches;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class BatchTests
{
    const string Complete = "\"complete\":{\"jid\":\"complete-1\",\"jobtype\":\"Done\",\"args\":[],\"queue\":\"callbacks\"}";
    const string Success = "\"success\":{\"jid\":\"success-01\",\"jobtype\":\"Won\",\"args\":[],\"queue\":\"callbacks\"}";

    [Fact]
    public async Task Callbacks_come_in_order_and_wait_for_commit_and_for_each_other()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await NewAsync(client, $"{Complete},{Success},\"description\":\"Import\"");
        await PushAsync(client, bid, "job-00001");
        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");

        (await FetchCallbackAsync(server, client)).ShouldBeNull();
        (await client.CallAsync($"BATCH COMMIT {bid}")).ShouldBe("+OK");
        (await StatusAsync(client, bid)).ShouldBe((1, 0, 0, "1", ""));
        (await FetchCallbackAsync(server, client)).ShouldBe("complete-1");
        (await FetchCallbackAsync(server, client)).ShouldBeNull();
        await AckAsync(client, "complete-1");
        (await StatusAsync(client, bid)).ShouldBe((1, 0, 0, "2", "1"));
        (await FetchCallbackAsync(server, client)).ShouldBe("success-01");
        await AckAsync(client, "success-01");
        (await StatusAsync(client, bid)).ShouldBe((1, 0, 0, "2", "2"));
        (await FetchCallbackAsync(server, client)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_fails_completes_the_batch_once_and_success_waits_for_its_retry()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await NewAsync(client, $"{Complete},{Success}");
        await PushAsync(client, bid, "job-00001");
        await PushAsync(client, bid, "job-00002");
        await client.CallAsync($"BATCH COMMIT {bid}");
        await client.FetchJidAsync();
        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");
        await FailAsync(client, "job-00002");
        (await StatusAsync(client, bid)).ShouldBe((2, 0, 1, "1", ""));
        await AckAsync(client, (await FetchCallbackAsync(server, client))!);

        // Fails again, which counts no second time.
        await RetryAsync(client, "job-00002");
        await FailAsync(client, "job-00002");
        (await StatusAsync(client, bid)).ShouldBe((2, 0, 1, "2", ""));
        await RetryAsync(client, "job-00002");
        await AckAsync(client, "job-00002");

        (await StatusAsync(client, bid)).ShouldBe((2, 0, 0, "2", "1"));
        (await FetchCallbackAsync(server, client)).ShouldBe("success-01");
    }

    [Fact]
    public async Task A_callback_tells_whose_it_is_and_carries_no_bid()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await NewAsync(client, "\"success\":{\"jid\":\"success-01\",\"jobtype\":\"Won\",\"args\":[],\"queue\":\"callbacks\",\"custom\":{\"mine\":[1.0]}}");
        await client.CallAsync($"BATCH COMMIT {bid}");

        var job = JsonDocument.Parse((await client.CallAsync("FETCH callbacks"))!).RootElement;
        var custom = job.GetProperty("custom");
        custom.GetRawText().ShouldBe($$"""{"_bid":"{{bid}}","_cb":"success","mine":[1.0]}""");
        custom.TryGetProperty("bid", out _).ShouldBeFalse();
        job.GetProperty("retry").GetInt32().ShouldBe(25);
    }

    [Fact]
    public async Task A_callback_that_fails_stays_enqueued_until_it_is_acknowledged()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await NewAsync(client, $"{Complete},{Success}");
        await client.CallAsync($"BATCH COMMIT {bid}");
        await FetchCallbackAsync(server, client);
        await FailAsync(client, "complete-1");

        (await StatusAsync(client, bid)).ShouldBe((0, 0, 0, "1", ""));
        await RetryAsync(client, "complete-1", "callbacks");
        await AckAsync(client, "complete-1");
        (await StatusAsync(client, bid)).ShouldBe((0, 0, 0, "2", "1"));
    }

    [Fact]
    public async Task A_parents_callbacks_wait_for_those_of_its_children()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var parent = await NewAsync(client, Complete.Replace("complete-1", "parent-done") + "," + Success.Replace("success-01", "parent-won"));
        var child = await NewAsync(client, $"\"parent_bid\":\"{parent}\",{Complete},{Success}");
        await PushAsync(client, child, "job-00001");
        await client.CallAsync($"BATCH COMMIT {child}");
        await client.CallAsync($"BATCH COMMIT {parent}");
        (await StatusAsync(client, parent)).ShouldBe((0, 0, 0, "", ""));

        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");
        foreach (var callback in (string[])["complete-1", "parent-done", "success-01", "parent-won"])
        {
            // Of the child's success and the parent's complete either may be first: both wait for the child's complete only.
            var fetched = (await FetchCallbackAsync(server, client))!;
            if (callback is "parent-done" or "success-01")
                fetched.ShouldBeOneOf("parent-done", "success-01");
            else
                fetched.ShouldBe(callback);
            await AckAsync(client, fetched);
        }
        (await StatusAsync(client, parent)).ShouldBe((0, 0, 0, "2", "2"));
    }

    [Fact]
    public async Task Jobs_may_be_added_from_outside_after_it_was_committed_and_opened_again()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await using var stranger = await server.ConnectAsync();
        var bid = await NewAsync(client, Success);
        await PushAsync(client, bid, "job-00001");
        await client.CallAsync($"BATCH COMMIT {bid}");

        (await stranger.CallAsync($"BATCH OPEN {bid}")).ShouldBe(bid);
        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");
        (await FetchCallbackAsync(server, client)).ShouldBeNull();
        await PushAsync(stranger, bid, "job-00002");
        await stranger.CallAsync($"BATCH COMMIT {bid}");
        await client.FetchJidAsync();
        await AckAsync(client, "job-00002");

        (await StatusAsync(client, bid)).ShouldBe((2, 0, 0, "", "1"));
        (await stranger.CallAsync($"BATCH OPEN {bid}")).ShouldBe(bid);
        (await FetchCallbackAsync(server, client)).ShouldBe("success-01");
    }

    [Fact]
    public async Task One_that_is_not_committed_within_half_an_hour_is_forgotten()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await NewAsync(client, Success);
        var reopened = await NewAsync(client, Success);
        await PushAsync(client, reopened, "job-00001");
        await client.CallAsync($"BATCH COMMIT {reopened}");
        await client.CallAsync($"BATCH OPEN {reopened}");
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        await server.AdvanceAsync(BatchFlow.OpenFor + TimeSpan.FromMinutes(2));
        await server.UntilAsync(e => e.Batches.Find(bid) is null);

        (await again.CallAsync($"BATCH COMMIT {bid}")).ShouldBe($"-ERR no such batch {bid}");
        await again.FetchJidAsync();
        await AckAsync(again, "job-00001");
        (await FetchCallbackAsync(server, again)).ShouldBe("success-01");
    }

    [Theory]
    [InlineData("queue")]
    [InlineData("retries")]
    [InlineData("scheduled")]
    [InlineData("kill")]
    [InlineData("expired")]
    public async Task It_completes_without_jobs_that_are_removed_and_does_not_succeed(string way)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var bid = await NewAsync(client, $"{Complete},{Success}");
        var later = $",\"at\":\"{TestServer.StartedAt.AddHours(1):O}\"";
        await PushAsync(client, bid, "job-00001", way is "scheduled" or "kill" ? later : "", way == "expired" ? ",\"expires_in\":60" : "");
        await client.CallAsync($"BATCH COMMIT {bid}");
        switch (way)
        {
            case "queue": await client.CallAsync("QUEUE REMOVE default"); break;
            case "scheduled": await client.CallAsync("""MUTATE {"cmd":"clear","target":"scheduled"}"""); break;
            case "kill": await client.CallAsync("""MUTATE {"cmd":"kill","target":"scheduled"}"""); break;
            case "expired": await server.AdvanceAsync(TimeSpan.FromMinutes(2)); break;
            default:
                await client.FetchJidAsync();
                await FailAsync(client, "job-00001");
                await client.CallAsync("""MUTATE {"cmd":"discard","target":"retries"}""");
                break;
        }

        (await FetchCallbackAsync(server, client)).ShouldBe("complete-1");
        await AckAsync(client, "complete-1");
        (await StatusAsync(client, bid)).ShouldBe((1, 0, 1, "2", ""));
        if (way != "kill")
            return;
        await client.CallAsync("""MUTATE {"cmd":"requeue","target":"dead"}""");
        await client.FetchJidAsync();
        await AckAsync(client, "job-00001");
        (await StatusAsync(client, bid)).ShouldBe((1, 0, 0, "2", "1"));
    }

    [Fact]
    public async Task A_removal_of_a_queue_that_an_end_came_between_is_finished_at_the_next_start()
    {
        await using var server = await TestServer.StartAsync();
        string? bid;
        await using (var client = await server.ConnectAsync())
        {
            bid = await NewAsync(client, Complete);
            await server.Engine.CallAsync(e =>
            {
                var batch = e.Batches.Find(bid)!;
                (batch.Total, batch.Pending, batch.Queued[4711]) = (2, 2, 2);
                return true;
            });
            await client.CallAsync($"BATCH COMMIT {bid}");
        }
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        (await FetchCallbackAsync(server, again)).ShouldBe("complete-1");
        (await StatusAsync(again, bid)).ShouldBe((2, 0, 2, "1", ""));
    }

    [Theory]
    [InlineData("BATCH", "-ERR no such BATCH subcommand: ")]
    [InlineData("BATCH STATUS", "-ERR BATCH STATUS needs the id of a batch")]
    [InlineData("BATCH STATUS b-nothing", "-ERR no such batch b-nothing")]
    [InlineData("BATCH OPEN b-nothing", "-ERR no such batch b-nothing")]
    [InlineData("BATCH NEW {}", "-ERR a batch needs a success or a complete callback")]
    [InlineData("""BATCH NEW {"bid":"b-1"}""", "-ERR bid must not be set: the server chooses it")]
    [InlineData("""BATCH NEW {"success":{"jid":"job-00001"}}""", "-ERR the success callback: jobs must have a jobtype parameter")]
    [InlineData("""BATCH NEW {"parent_bid":"b-2","success":{"jid":"job-00001","jobtype":"T","args":[]}}""", "-ERR no such batch b-2")]
    [InlineData("""PUSH {"jid":"job-00001","jobtype":"T","args":[],"custom":{"bid":"b-3"}}""", "-ERR no such batch b-3")]
    public async Task What_makes_no_sense_is_refused_with_the_reason(string line, string answer)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe(answer);
    }

    [Fact]
    public async Task When_batches_are_off_no_new_one_begins_and_one_that_is_there_goes_on()
    {
        await using var admin = await AdminServer.StartAsync();
        await using var client = await admin.ConnectAsync();
        var bid = await NewAsync(client, Success);
        await admin.PutAsync("/admin/config", $$$"""{"generation":4,"passwords":[{"value":"{{{AdminServer.Password}}}"}],"features":{"batches":"Pro"}}""");

        (await client.CallAsync($"BATCH NEW {{{Success}}}")).ShouldBe("-ERR batches (BATCH) are not part of this plan: they come with the plan Pro");
        await PushAsync(client, bid, "job-00001");
        (await client.CallAsync($"BATCH COMMIT {bid}")).ShouldBe("+OK");
    }

    static async Task<string> NewAsync(WireClient client, string members)
    {
        var bid = (await client.CallAsync($"BATCH NEW {{\"bid\":\"\",{members}}}"))!;
        bid.ShouldStartWith("b-");
        return bid;
    }

    static async Task PushAsync(WireClient client, string bid, string jid, string more = "", string custom = "") =>
        (await client.CallAsync($$$"""PUSH {"jid":"{{{jid}}}","jobtype":"T","args":[],"custom":{"bid":"{{{bid}}}"{{{custom}}}}{{{more}}}}""")).ShouldBe("+OK");

    static async Task AckAsync(WireClient client, string jid) => (await client.CallAsync($$"""ACK {"jid":"{{jid}}"}""")).ShouldBe("+OK");

    static async Task FailAsync(WireClient client, string jid) =>
        (await client.CallAsync($$"""FAIL {"jid":"{{jid}}","errtype":"E","message":"m","backtrace":[]}""")).ShouldBe("+OK");

    static async Task RetryAsync(WireClient client, string jid, string queue = "default")
    {
        await client.CallAsync("""MUTATE {"cmd":"requeue","target":"retries"}""");
        JsonDocument.Parse((await client.CallAsync($"FETCH {queue}"))!).RootElement.GetProperty("jid").GetString().ShouldBe(jid);
    }

    static Task<string?> FetchCallbackAsync(TestServer server, WireClient client) => server.FetchNowAsync(client, "callbacks");

    static async Task<(long Total, long Pending, long Failed, string Complete, string Success)> StatusAsync(WireClient client, string bid)
    {
        var status = JsonDocument.Parse((await client.CallAsync($"BATCH STATUS {bid}"))!).RootElement;
        status.GetProperty("bid").GetString().ShouldBe(bid);
        status.GetProperty("created_at").GetString().ShouldNotBeNullOrEmpty();
        return (status.GetProperty("total").GetInt64(), status.GetProperty("pending").GetInt64(), status.GetProperty("failed").GetInt64(),
            status.GetProperty("complete_st").GetString()!, status.GetProperty("success_st").GetString()!);
    }
}
