using Faktory.Client;
using Faktory.Conformance.Node;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Survival;

/// <summary>Jobs are pushed and worked while the server is killed and started again: exactly what it acknowledged gets done.</summary>
public sealed class SurvivalTests : IAsyncLifetime
{
    const int jobs = 1000;
    const int flakyJobs = 5;

    readonly Journal _journal = new();
    ServerProcess _server = null!;
    FaktoryProducer _producer = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync();
        _producer = new(_server.Options with { ReconnectFor = TimeSpan.FromSeconds(30) });
    }

    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact(Timeout = 300_000)]
    public async Task Node_worker_process_loses_nothing_when_the_server_is_killed()
    {
        var environment = new Dictionary<string, string>
        {
            ["FAKTORY_URL"] = _server.Url.ToConnectionString(),
            ["JOBS"] = $"{jobs}",
            ["FLAKY"] = $"{flakyJobs}",
        };
        using var working = await NodeScript.StartAsync(environment, "survival/work.mjs");
        using var pushing = await NodeScript.StartAsync(environment, "survival/push.mjs");
        var listening = Task.WhenAll(_journal.CopyAsync(working.Output), _journal.CopyAsync(pushing.Output));

        await LostJobs.KillWhenReachedAsync(RestartAsync, _journal, TestContext.Current.CancellationToken, 100, 400, 800);
        await pushing.EndAsync();

        await LostJobs.EverythingAcknowledgedIsDoneAsync(_producer, _journal, jobs + flakyJobs, TestContext.Current.CancellationToken);
        await working.KillAsync();
        await listening;
    }

    [Fact(Timeout = 300_000)]
    public async Task DotNet_worker_loses_nothing_when_the_server_is_killed()
    {
        using var stop = new CancellationTokenSource();
        var worker = new FaktoryWorker(_server.Options, new() { Concurrency = 8, Notice = Note })
            .Register("Work", (_, _) => Task.CompletedTask)
            .Register("Flaky", (job, _) => job.Failure is null ? throw new InvalidOperationException("the first time fails") : Task.CompletedTask);
        var working = worker.RunAsync(stop.Token);
        var pushing = Task.WhenAll(Enumerable.Range(0, 8).Select(lane => PushAsync(lane == 0 ? flakyJobs : 0, jobs / 8)));

        await LostJobs.KillWhenReachedAsync(RestartAsync, _journal, TestContext.Current.CancellationToken, 100, 400, 800);
        await pushing;

        await LostJobs.EverythingAcknowledgedIsDoneAsync(_producer, _journal, jobs + flakyJobs, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await working;
    }

    async Task RestartAsync()
    {
        await _server.KillAsync();
        await _server.StartAgainAsync();
    }

    async Task PushAsync(int flaky, int steady)
    {
        for (var left = flaky + steady; left > 0;)
        {
            var job = FaktoryJob.Create(left > steady ? "Flaky" : "Work") with { ReserveFor = TimeSpan.FromMinutes(10) };
            try
            {
                _journal.Write("ok", await _producer.PushAsync(job));
                left--;
            }
            catch (FaktoryConnectionException lost) when (lost.IsOutcomeUnknown)
            {
                _journal.Write("unknown", job.Jid);
            }
        }
    }

    void Note(FaktoryNotice notice)
    {
        switch (notice)
        {
            case FaktoryNotice.JobDone done:
                _journal.Write("acked", done.Job.Jid);
                break;
            case FaktoryNotice.JobFailed failed:
                _journal.Write("failed", failed.Job.Jid);
                break;
            case FaktoryNotice.ReportLost lost:
                _journal.Write(lost.Job is { JobType: "Flaky", Failure: null } ? "unfailed" : "unacked", lost.Job.Jid);
                break;
        }
    }
}
