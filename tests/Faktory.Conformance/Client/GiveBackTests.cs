using System.Collections.Concurrent;
using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

/// <summary>Jobs that a worker gives back, to our server and to one that knows no REQUEUE.</summary>
public sealed class GiveBackTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
{
    readonly FaktoryProducer _producer = new(fixture.Server.Options);
    readonly CancellationTokenSource _stop = new();

    public async ValueTask InitializeAsync() => await _producer.FlushAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
        await _producer.DisposeAsync();
    }

    [Fact]
    public async Task Job_that_its_handler_gives_back_is_next_again_and_has_spent_no_retry()
    {
        var runs = new ConcurrentQueue<FaktoryJob>();
        var worker = new FaktoryWorker(fixture.Server.Options, new() { Concurrency = 1 }).Register("Busy", (job, _) =>
        {
            runs.Enqueue(job);
            if (runs.Count == 1)
                throw new FaktoryGiveBackException("a lock is taken");
            return runs.Count == 3 ? _stop.CancelAsync() : Task.CompletedTask;
        });
        var first = await _producer.PushAsync(FaktoryJob.Create("Busy"));
        var second = await _producer.PushAsync(FaktoryJob.Create("Busy"));

        await worker.RunAsync(_stop.Token);

        runs.Select(job => job.Jid).ShouldBe([first, first, second]);
        runs.ShouldAllBe(job => job.Failure == null);
        (await _producer.InfoAsync()).TotalFailures.ShouldBe(0);
    }

    [Fact]
    public async Task Job_that_outlasts_the_shutdown_is_given_back_when_the_worker_is_told_so()
    {
        var started = new TaskCompletionSource();
        var worker = new FaktoryWorker(fixture.Server.Options, new() { ShutdownTimeout = TimeSpan.FromMilliseconds(100), GiveBackAtShutdown = true })
            .Register("Stubborn", async (_, _) =>
            {
                started.SetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            });
        await _producer.PushAsync(FaktoryJob.Create("Stubborn"));
        var running = worker.RunAsync(_stop.Token);
        await started.Task;

        await _stop.CancelAsync();
        await running;

        (await _producer.InfoAsync()).ShouldSatisfyAllConditions(
            info => info.Queues["default"].ShouldBe(1), info => info.Working.ShouldBe(0), info => info.Retries.ShouldBe(0));
    }

    [Fact]
    public async Task Server_that_knows_no_requeue_is_told_a_failure()
    {
        var heard = new TaskCompletionSource<string>();
        await using var server = new ScriptedServer(ScriptedServer.Greeting(line => AnswerAsync(line, heard)));
        var worker = new FaktoryWorker(server.Options(), new()).Register("Busy", (_, _) => throw new FaktoryGiveBackException("a lock is taken"));
        var running = worker.RunAsync(_stop.Token);

        (await heard.Task).ShouldContain("a lock is taken");

        await _stop.CancelAsync();
        await running;
    }

    // A server of the original's kind, which hands out one job.
    static async Task AnswerAsync(ScriptedServer.Line line, TaskCompletionSource<string> failed)
    {
        const string job = """{"jid":"a1b2c3d4","jobtype":"Busy","args":[]}""";
        var given = false;
        while (await line.HearAsync() is { } command)
        {
            if (command.StartsWith("FETCH", StringComparison.Ordinal))
            {
                await line.SayAsync(given ? "$-1\r\n" : $"${job.Length}\r\n{job}\r\n");
                given = true;
            }
            else if (command.StartsWith("REQUEUE", StringComparison.Ordinal))
            {
                await line.SayAsync("-ERR unknown command REQUEUE\r\n");
            }
            else
            {
                await line.SayAsync("+OK\r\n");
                if (command.StartsWith("FAIL", StringComparison.Ordinal))
                    failed.TrySetResult(command);
            }
        }
    }
}
