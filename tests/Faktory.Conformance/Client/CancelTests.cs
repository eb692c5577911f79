using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

/// <summary>Jobs that are taken back: those that wait, and those that a handler of ours has.</summary>
public sealed class CancelTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
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
    public async Task Job_that_waits_is_gone_once_it_is_cancelled()
    {
        var queued = await _producer.PushAsync(FaktoryJob.Create("Waits"));
        var scheduled = await _producer.PushAsync(FaktoryJob.Create("Later") with { At = TimeProvider.System.GetUtcNow().AddHours(1) });

        (await _producer.CancelAsync(queued)).ShouldBeTrue();
        (await _producer.CancelAsync(scheduled)).ShouldBeTrue();

        var info = await _producer.InfoAsync();
        info.TotalEnqueued.ShouldBe(0);
        info.Scheduled.ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_is_cancelled_where_there_is_no_such_job()
    {
        (await _producer.CancelAsync("nobody-knows")).ShouldBeFalse();
    }

    [Fact]
    public async Task Handler_sees_its_token_cancelled_and_the_job_is_over()
    {
        var started = new TaskCompletionSource();
        var told = new TaskCompletionSource<FaktoryNotice>();
        var worker = new FaktoryWorker(fixture.Server.Options, new()
        {
            HeartbeatEvery = TimeSpan.FromMilliseconds(50),
            Notice = notice => told.TrySetResult(notice),
        }).Register("Long", async (_, cancel) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
        });
        var jid = await _producer.PushAsync(FaktoryJob.Create("Long"));
        var running = worker.RunAsync(_stop.Token);
        await started.Task;

        (await _producer.CancelAsync(jid)).ShouldBeTrue();

        (await told.Task).ShouldBeOfType<FaktoryNotice.JobCancelled>().Job.Jid.ShouldBe(jid);
        await _stop.CancelAsync();
        await running;
        (await _producer.InfoAsync()).ShouldSatisfyAllConditions(
            info => info.Working.ShouldBe(0), info => info.Retries.ShouldBe(0), info => info.TotalFailures.ShouldBe(0));
    }

    [Fact]
    public async Task Other_jobs_of_the_worker_go_on()
    {
        var held = new TaskCompletionSource<CancellationToken>();
        var release = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var worker = new FaktoryWorker(fixture.Server.Options, new() { HeartbeatEvery = TimeSpan.FromMilliseconds(50) })
            .Register("Cancelled", async (_, cancel) =>
            {
                await using var watch = cancel.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancel);
            })
            .Register("Held", async (_, cancel) =>
            {
                held.SetResult(cancel);
                await release.Task;
            });
        var jid = await _producer.PushAsync(FaktoryJob.Create("Cancelled"));
        await _producer.PushAsync(FaktoryJob.Create("Held"));
        var running = worker.RunAsync(_stop.Token);
        var token = await held.Task;

        await _producer.CancelAsync(jid);
        await cancelled.Task;

        token.IsCancellationRequested.ShouldBeFalse();
        release.SetResult();
        await _stop.CancelAsync();
        await running;
        (await _producer.InfoAsync()).ShouldSatisfyAllConditions(info => info.TotalProcessed.ShouldBe(1), info => info.TotalFailures.ShouldBe(0));
    }
}
