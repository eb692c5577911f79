using Faktory.Server.Engine;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>Clients that push, fetch, acknowledge and fail, each noting what it asked for and what it was told; and the comparison with what is stored in the end.</summary>
static class Load
{
    const int Clients = 32;

    // "promised" completes when the clients have been given that many promises between them.
    internal static Task<History>[] Start(ServerProcess server, int round, out Func<int, Task> promised)
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
    internal static int Check(string data, History history, string context)
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
