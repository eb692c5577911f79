using System.Globalization;
using Faktory.Server.Engine;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>Clients push, fetch and acknowledge while the server is killed, again and again on the same data.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    const int Clients = 32;

    static int Rounds => int.Parse(Environment.GetEnvironmentVariable("CRASH_ROUNDS") ?? "8", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Nothing_that_was_promised_is_lost_when_the_server_is_killed()
    {
        using var folder = new TestFolder();
        var seed = int.Parse(Environment.GetEnvironmentVariable("CRASH_SEED") ?? "20260102", CultureInfo.InvariantCulture);
        var random = new Random(seed);
        var histories = new List<History>();
        var losses = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using (var server = await ServerProcess.StartAsync(folder["data"]))
                histories.AddRange(await RunUntilKilledAsync(server, round, random.Next(20, 400)));
            losses += Check(folder["data"], History.Join(histories), $"seed {seed}, round {round}");
        }
        var all = History.Join(histories);
        output.WriteLine($"seed {seed}: {Rounds} kills, {all.Pushed} pushed, {all.Acknowledged} acknowledged, losses: {losses}");
        losses.ShouldBe(0);
        all.Acknowledged.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Nothing_that_was_promised_is_lost_when_the_server_is_told_to_stop_under_load()
    {
        using var folder = new TestFolder();
        History[] histories;
        await using (var server = await ServerProcess.StartAsync(folder["data"]))
        {
            var clients = StartClients(server, 0, out var promised);
            await promised(500);
            (await server.TerminateAsync()).ShouldBe(0);
            histories = await Task.WhenAll(clients);
        }
        Check(folder["data"], History.Join(histories), "stopped").ShouldBe(0);
    }

    [Fact]
    public async Task A_job_fetched_before_a_kill_can_be_acknowledged_after_it()
    {
        using var folder = new TestFolder();
        await using (var server = await ServerProcess.StartAsync(folder["data"]))
        {
            var client = await server.ConnectAsync();
            await client.PushAsync("job-00001");
            (await client.FetchJidAsync()).ShouldBe("job-00001");
            // The answer of a later PUSH means that the reservation, written before it, is durable too.
            await client.PushAsync("job-00002");
            await server.KillAsync();
        }
        await using (var server = await ServerProcess.StartAsync(folder["data"]))
        {
            var client = await server.ConnectAsync();
            (await client.FetchJidAsync()).ShouldBe("job-00002");
            (await client.CountAsync("working")).ShouldBe(2);
            (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
            (await client.CountAsync("working")).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_second_server_cannot_take_the_folder_of_a_running_one()
    {
        using var folder = new TestFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        (await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(folder["data"]))).Message.ShouldContain("74");
        await (await server.ConnectAsync()).PushAsync("job-00001");
    }

    static async Task<History[]> RunUntilKilledAsync(ServerProcess server, int round, int promises)
    {
        var clients = StartClients(server, round, out var promised);
        await promised(promises);
        await server.KillAsync();
        return await Task.WhenAll(clients);
    }

    // "promised" completes when the clients have been given that many promises between them.
    static Task<History>[] StartClients(ServerProcess server, int round, out Func<int, Task> promised)
    {
        var count = 0;
        var wanted = int.MaxValue;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Count()
        {
            if (Interlocked.Increment(ref count) >= Volatile.Read(ref wanted))
                reached.TrySetResult();
        }
        promised = promises =>
        {
            Volatile.Write(ref wanted, promises);
            return reached.Task.WaitAsync(Patience.Limit);
        };
        return [.. Enumerable.Range(0, Clients).Select(client => RunClientAsync(server, $"r{round:d3}c{client:d2}", Count))];
    }

    static async Task<History> RunClientAsync(ServerProcess server, string name, Action count)
    {
        var history = new History();
        try
        {
            await using var client = await server.ConnectAsync();
            for (var i = 0; ; i++)
            {
                await PushAsync(client, history, $"{name}-{i:d6}", i);
                count();
                if (i % 2 == 0)
                    continue;
                await WorkAsync(client, history, i % 5 == 0);
                count();
            }
        }
        catch (Exception e) when (e is IOException or ShouldAssertException or System.Net.Sockets.SocketException)
        {
            // The server is gone, or going; what was asked for last is open.
        }
        return history;
    }

    // One at once mostly, sometimes one for much later, sometimes several together.
    static async Task PushAsync(WireClient client, History history, string jid, int i)
    {
        string[] jids = i % 11 == 0 ? [jid + "a", jid + "b", jid + "c"] : [jid];
        foreach (var each in jids)
            history.AskPush(each);
        var jobs = jids.Select(each => Job.Json(each, "default", i % 7 == 0 ? "\"at\":\"2999-01-01T00:00:00Z\"" : ""));
        if (await client.CallAsync(jids.Length == 1 ? $"PUSH {jobs.Single()}" : $"PUSHB [{string.Join(',', jobs)}]") is not ("+OK" or "{}"))
            return;
        foreach (var each in jids)
            history.TellPush(each);
    }

    // A job that fails is in the end in another place, and as little lost.
    static async Task WorkAsync(WireClient client, History history, bool fails)
    {
        // No job, or the server is stopping.
        if (await client.CallAsync("FETCH default") is not ['{', ..] answer)
            return;
        var jid = Job.Jid(answer)!;
        if (fails)
        {
            await client.CallAsync($$"""FAIL {"jid":"{{jid}}"}""");
            return;
        }
        history.AskAck(jid);
        if (await client.CallAsync($$"""ACK {"jid":"{{jid}}"}""") == "+OK")
            history.TellAck(jid);
    }

    // Returns the losses; everything else that must not be is refused here.
    static int Check(string data, History history, string context)
    {
        using var store = JobStore.Open(Path.Combine(data, "main"));
        var stored = History.Stored(store);
        history.Risen(stored).ShouldBeEmpty(context);
        history.Invented(stored).ShouldBeEmpty(context);

        var engine = new JobEngine(store, TimeProvider.System, new Random(1));
        var counted = StoredJobs.Count(store.Database);
        engine.Queues.JobCount.ShouldBe(counted.Queued, context);
        engine.Reservations.Count.ShouldBe((int)counted.Working, context);
        (engine.Scheduled.Count, engine.Retries.Count, engine.Dead.Count).ShouldBe((counted.Scheduled, counted.Retries, counted.Dead), context);
        return history.Losses(stored).Length;
    }
}
