using System.Collections.Concurrent;
using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

public sealed class FaktoryWorkerTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
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
    public async Task Jobs_are_worked_and_acknowledged()
    {
        var worked = new ConcurrentBag<int>();
        var worker = Worker(new()).Register("Count", (job, _) =>
        {
            worked.Add(job.Args[0].GetInt32());
            return worked.Count == 100 ? _stop.CancelAsync() : Task.CompletedTask;
        });
        await _producer.PushBulkAsync([.. Enumerable.Range(0, 100).Select(i => FaktoryJob.Create("Count", i))]);

        await worker.RunAsync(_stop.Token);

        worked.Order().ShouldBe(Enumerable.Range(0, 100));
        var info = await _producer.InfoAsync();
        info.TotalProcessed.ShouldBe(100);
        info.TotalFailures.ShouldBe(0);
        info.Working.ShouldBe(0);
    }

    [Fact]
    public async Task Handler_that_throws_fails_its_job()
    {
        var failed = new TaskCompletionSource<FaktoryNotice.JobFailed>();
        var worker = Worker(new() { Notice = notice => Pass(notice, failed) }).Register("Boom", (_, _) => throw new InvalidOperationException("boom"));
        var running = worker.RunAsync(_stop.Token);

        var jid = await _producer.PushAsync(FaktoryJob.Create("Boom"));

        var notice = await failed.Task;
        notice.Job.Jid.ShouldBe(jid);
        notice.Cause.Message.ShouldBe("boom");
        (await _producer.InfoAsync()).Retries.ShouldBe(1);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Job_that_nobody_handles_fails()
    {
        var failed = new TaskCompletionSource<FaktoryNotice.JobFailed>();
        var running = Worker(new() { Notice = notice => Pass(notice, failed) }).RunAsync(_stop.Token);

        await _producer.PushAsync(FaktoryJob.Create("Unheard"));

        (await failed.Task).Cause.Message.ShouldContain("Unheard");
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Concurrency_is_reached_and_never_exceeded()
    {
        var running = 0;
        var most = 0;
        var left = 12;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = Worker(new() { Concurrency = 3 }).Register("Slow", async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            lock (full)
                most = Math.Max(most, now);
            if (now == 3)
                full.TrySetResult();
            await full.Task;
            Interlocked.Decrement(ref running);
            if (Interlocked.Decrement(ref left) == 0)
                await _stop.CancelAsync();
        });
        await _producer.PushBulkAsync([.. Enumerable.Range(0, 12).Select(i => FaktoryJob.Create("Slow", i))]);

        await worker.RunAsync(_stop.Token);

        most.ShouldBe(3);
    }

    [Fact]
    public async Task Queues_are_emptied_in_their_strict_order()
    {
        var order = new List<string>();
        foreach (var queue in (string[])["low", "high", "low", "high"])
            await _producer.PushAsync(FaktoryJob.Create("Order") with { Queue = queue });
        var worker = Worker(new() { Concurrency = 1, Queues = FaktoryQueues.Strict("high", "low") }).Register("Order", (job, _) =>
        {
            order.Add(job.Queue);
            return order.Count == 4 ? _stop.CancelAsync() : Task.CompletedTask;
        });

        await worker.RunAsync(_stop.Token);

        order.ShouldBe(["high", "high", "low", "low"]);
    }

    [Fact]
    public async Task Order_of_the_server_to_terminate_ends_the_worker()
    {
        var options = new FaktoryWorkerOptions { HeartbeatEvery = TimeSpan.FromMilliseconds(50) };
        var known = new TaskCompletionSource();
        var worker = Worker(options).Register("First", (_, _) =>
        {
            known.SetResult();
            return Task.CompletedTask;
        });
        var running = worker.RunAsync(_stop.Token);
        await _producer.PushAsync(FaktoryJob.Create("First"));
        await known.Task;

        await _producer.SendAsync(FaktoryCommands.Beat(options.WorkerId, FaktoryWorkerState.Terminating));

        await running;
        worker.State.ShouldBe(FaktoryWorkerState.Terminating);
    }

    [Fact]
    public async Task Order_of_the_server_to_be_quiet_stops_fetching()
    {
        var quiet = new TaskCompletionSource();
        var options = new FaktoryWorkerOptions
        {
            HeartbeatEvery = TimeSpan.FromMilliseconds(50),
            Notice = notice =>
            {
                if (notice is FaktoryNotice.StateChanged { State: FaktoryWorkerState.Quiet })
                    quiet.SetResult();
            },
        };
        var known = new TaskCompletionSource();
        var worker = Worker(options).Register("First", (_, _) =>
        {
            known.SetResult();
            return Task.CompletedTask;
        });
        var running = worker.RunAsync(_stop.Token);
        await _producer.PushAsync(FaktoryJob.Create("First"));
        await known.Task;

        await _producer.SendAsync(FaktoryCommands.Beat(options.WorkerId, FaktoryWorkerState.Quiet));
        await quiet.Task;
        await _producer.PushAsync(FaktoryJob.Create("Second"));
        await _stop.CancelAsync();
        await running;

        (await _producer.InfoAsync()).Queues["default"].ShouldBe(1);
    }

    [Fact]
    public async Task Stop_waits_for_running_jobs()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var worker = Worker(new()).Register("Hold", async (_, _) =>
        {
            started.SetResult();
            await release.Task;
        });
        await _producer.PushAsync(FaktoryJob.Create("Hold"));
        var running = worker.RunAsync(_stop.Token);
        await started.Task;

        await _stop.CancelAsync();
        release.SetResult();
        await running;

        var info = await _producer.InfoAsync();
        info.TotalProcessed.ShouldBe(1);
        info.TotalFailures.ShouldBe(0);
    }

    [Fact]
    public async Task Job_that_outlasts_the_shutdown_is_cancelled_and_given_back_as_failed()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var worker = Worker(new() { ShutdownTimeout = TimeSpan.FromMilliseconds(100) }).Register("Stubborn", async (_, cancel) =>
        {
            started.SetResult();
            await using var watch = cancel.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        });
        await _producer.PushAsync(FaktoryJob.Create("Stubborn"));
        var running = worker.RunAsync(_stop.Token);
        await started.Task;

        await _stop.CancelAsync();
        await running;

        await cancelled.Task;
        (await _producer.InfoAsync()).Retries.ShouldBe(1);
    }

    [Fact]
    public async Task Wrong_password_is_told_at_once()
    {
        var options = fixture.Server.Options;
        var worker = new FaktoryWorker(options with { Url = options.Url with { Password = "wrong" } }, new());

        await Should.ThrowAsync<FaktoryAuthenticationException>(() => worker.RunAsync(_stop.Token));
    }

    [Fact]
    public async Task Worker_runs_once()
    {
        await _stop.CancelAsync();
        var worker = Worker(new());
        await Should.ThrowAsync<OperationCanceledException>(() => worker.RunAsync(_stop.Token));

        await Should.ThrowAsync<InvalidOperationException>(() => worker.RunAsync(_stop.Token));
    }

    FaktoryWorker Worker(FaktoryWorkerOptions options) => new(fixture.Server.Options, options);

    static void Pass<T>(FaktoryNotice notice, TaskCompletionSource<T> to)
        where T : FaktoryNotice
    {
        if (notice is T wanted)
            to.TrySetResult(wanted);
    }
}
