using System.Text.Json;
using Faktory.Server.Tests.Features;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>A thousand batches of random shapes are pushed, worked on and failed while the server is killed, again and again.</summary>
public sealed class BatchKillTests(ITestOutputHelper output)
{
    const int Batches = 1000;

    // One command in so many is the last that the server hears.
    static int CommandsBetweenKills => 20_000 / CrashCount.Of(25);

    [Fact]
    public async Task Callbacks_fire_once_and_in_order_when_the_server_is_killed_among_their_jobs()
    {
        var seed = CrashCount.Seed;
        output.WriteLine($"seed {seed}");
        using var folder = new TestFolder();
        var random = new Random(seed);
        var forest = new BatchForest([.. Enumerable.Range(0, Batches).Select(_ => ShapeOf(random))]);
        await using var play = new Play(folder["data"], random);
        await play.StartAsync();

        // The answer to NEW is the only word of it: it is not put at risk.
        var bids = new List<string>();
        for (var i = 0; i < forest.Count; i++)
            bids.Add((await play.SayAsync(forest.NewCommand(i, bids)))!);
        for (var i = 0; i < forest.Count; i++)
            await play.PushAsync(bids[i], forest.JobsOf(i));
        foreach (var bid in bids)
            await play.RepeatAsync($"BATCH COMMIT {bid}");
        await play.WorkAsync(forest);

        forest.Check(play.Log);
        play.Doubled.ShouldBeEmpty();
        output.WriteLine($"{Batches} batches, {play.Log.Done.Count} jobs and callbacks, {play.Kills} kills, 0 lost, doubled or early");
        play.Kills.ShouldBeGreaterThan(0);
    }

    static BatchShape ShapeOf(Random random)
    {
        var (jobs, parent, hasComplete) = (random.Next(7), random.Next(4), random.Next(2) == 0);
        return new BatchShape(jobs, parent, hasComplete, !hasComplete || random.Next(3) > 0);
    }

    sealed class Play(string data, Random random) : IAsyncDisposable
    {
        readonly HashSet<string> _atWork = [];
        ServerProcess? _server;
        WireClient? _client;

        internal BatchLog Log { get; } = new();
        internal List<string> Doubled { get; } = [];
        internal int Kills { get; private set; }

        internal async Task StartAsync()
        {
            _server = await ServerProcess.StartAsync(data);
            _client = await _server.ConnectAsync();
        }

        internal Task<string?> SayAsync(string line) => _client!.CallAsync(line);

        internal async Task PushAsync(string bid, IEnumerable<string> jids)
        {
            var pushed = 0;
            foreach (var jid in jids)
            {
                pushed++;
                var push = $$$"""PUSH {"jid":"{{{jid}}}","jobtype":"T","args":[],"custom":{"bid":"{{{bid}}}"}}""";
                // Whether it arrived is in the batch's own count.
                if (!(await RiskAsync(push)).IsAnswered && await TotalAsync(bid) < pushed)
                    (await SayAsync(push)).ShouldBe("+OK");
            }
        }

        /// <summary>Until it is answered: twice does no more than once.</summary>
        internal async Task RepeatAsync(string line)
        {
            if (!(await RiskAsync(line)).IsAnswered)
                await SayAsync(line);
        }

        internal async Task WorkAsync(BatchForest forest)
        {
            while (true)
            {
                // Asked before: a FETCH would wait for a job that nobody pushes.
                if (await CountAsync("queued") == 0 && !await GoOnAsync(forest))
                    return;
                if ((await RiskAsync("FETCH default callbacks")).Reply is { } job)
                    await FinishAsync(JsonDocument.Parse(job).RootElement.GetProperty("jid").GetString()!);
            }
        }

        async Task FinishAsync(string jid)
        {
            if (Log.IsDone(jid) || !_atWork.Add(jid))
                Doubled.Add(jid);
            Log.Start(jid);
            if (random.Next(4) == 0)
            {
                await RepeatAsync($$"""FAIL {"jid":"{{jid}}"}""");
                Log.Fail(jid);
            }
            else
            {
                await RepeatAsync($$"""ACK {"jid":"{{jid}}"}""");
                Log.Finish(jid);
            }
            _atWork.Remove(jid);
        }

        // The queues are empty. False when all is done.
        async Task<bool> GoOnAsync(BatchForest forest)
        {
            await SayAsync("""MUTATE {"cmd":"requeue","target":"retries"}""");
            if (await CountAsync("queued") > 0)
                return true;
            // Those that were given out by an answer that never arrived.
            var lost = await CountAsync("working");
            foreach (var jid in forest.All.Except(Log.Done).ToArray())
            {
                if (lost == 0)
                    break;
                await SayAsync($$"""ACK {"jid":"{{jid}}"}""");
                var left = await CountAsync("working");
                if (left < lost)
                    Log.Finish(jid);
                lost = left;
            }
            return await CountAsync("queued") > 0;
        }

        async Task<(bool IsAnswered, string? Reply)> RiskAsync(string line)
        {
            if (random.Next(CommandsBetweenKills) != 0)
                return (true, await SayAsync(line));
            await _client!.SendAsync(line + "\r\n");
            await _server!.KillAsync();
            Kills++;
            await DisposeAsync();
            await StartAsync();
            return (false, null);
        }

        async Task<long> TotalAsync(string bid) => JsonDocument.Parse((await SayAsync($"BATCH STATUS {bid}"))!).RootElement.GetProperty("total").GetInt64();

        async Task<long> CountAsync(string what)
        {
            var faktory = JsonDocument.Parse((await SayAsync("INFO"))!).RootElement.GetProperty("faktory");
            return what == "working" ? faktory.GetProperty("sets").GetProperty("working").GetInt64() : faktory.GetProperty("total_enqueued").GetInt64();
        }

        public async ValueTask DisposeAsync()
        {
            if (_client is not null)
                await _client.DisposeAsync();
            if (_server is not null)
                await _server.DisposeAsync();
        }
    }
}
