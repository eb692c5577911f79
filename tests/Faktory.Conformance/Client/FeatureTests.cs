using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

/// <summary>What a job can ask the server for, through the typed calls.</summary>
public sealed class FeatureTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
{
    readonly FaktoryProducer _producer = new(fixture.Server.Options);

    public async ValueTask InitializeAsync() => await _producer.FlushAsync();

    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    [Fact]
    public async Task A_second_unique_job_is_told_apart_from_other_errors()
    {
        await _producer.PushAsync(FaktoryJob.Create("Once", 1).Unique(TimeSpan.FromMinutes(1)));

        var refused = await Should.ThrowAsync<FaktoryCommandException>(() => _producer.PushAsync(FaktoryJob.Create("Once", 1.0).Unique(TimeSpan.FromMinutes(1), FaktoryUniqueUntil.Start)));

        refused.IsNotUnique.ShouldBeTrue();
        refused.Message.ShouldBe("Job not unique");
    }

    [Fact]
    public async Task An_expired_job_is_never_fetched()
    {
        await _producer.PushAsync(FaktoryJob.Create("Old").ExpiringAt(TimeProvider.System.GetUtcNow().AddSeconds(-1)));
        var good = await _producer.PushAsync(FaktoryJob.Create("Fresh").ExpiringIn(TimeSpan.FromMinutes(5)));

        (await FetchAsync()).Jid.ShouldBe(good);
    }

    [Fact]
    public async Task A_later_priority_9_job_is_fetched_first()
    {
        await _producer.PushAsync(FaktoryJob.Create("Slow"));
        var urgent = await _producer.PushAsync(FaktoryJob.Create("Urgent") with { Priority = 9 });

        (await FetchAsync()).ShouldSatisfyAllConditions(job => job.Jid.ShouldBe(urgent), job => job.Priority.ShouldBe(9));
    }

    [Fact]
    public async Task A_batch_goes_from_its_jobs_to_its_callbacks()
    {
        var bid = await _producer.NewBatchAsync(new FaktoryBatch { Description = "Import", Complete = FaktoryJob.Create("AllRun"), Success = FaktoryJob.Create("AllDone") });
        var jid = await _producer.PushAsync(FaktoryJob.Create("Row", 1).InBatch(bid));
        await _producer.CommitBatchAsync(bid);
        await _producer.OpenBatchAsync(bid);
        await _producer.CommitBatchAsync(bid);
        (await _producer.BatchStatusAsync(bid)).ShouldSatisfyAllConditions(
            status => status.Description.ShouldBe("Import"), status => status.Total.ShouldBe(1), status => status.Pending.ShouldBe(1), status => status.Complete.ShouldBe(FaktoryCallbackState.Pending));

        foreach (var type in (string[])["Row", "AllRun", "AllDone"])
        {
            var job = await FetchAsync();
            job.JobType.ShouldBe(type);
            job.CallbackOf().ShouldBe(job.Jid == jid ? null : bid);
            await _producer.SendAsync(FaktoryCommands.Ack(job.Jid));
        }
        (await _producer.BatchStatusAsync(bid)).ShouldSatisfyAllConditions(
            status => status.Pending.ShouldBe(0), status => status.Complete.ShouldBe(FaktoryCallbackState.Done), status => status.Success.ShouldBe(FaktoryCallbackState.Done));
    }

    [Fact]
    public async Task Progress_is_told_and_asked_for()
    {
        var jid = await _producer.PushAsync(FaktoryJob.Create("Transcode").Tracked());
        (await _producer.TrackAsync(jid)).State.ShouldBe(FaktoryJobState.Enqueued);
        await FetchAsync();
        await _producer.ReportAsync(jid, 40, "reading", TimeProvider.System.GetUtcNow().AddHours(2));

        (await _producer.TrackAsync(jid)).ShouldSatisfyAllConditions(
            progress => progress.State.ShouldBe(FaktoryJobState.Working),
            progress => progress.Percent.ShouldBe(40),
            progress => progress.Description.ShouldBe("reading"),
            progress => progress.UpdatedAt.ShouldNotBeNull());
        (await _producer.TrackAsync("nobody-knows")).State.ShouldBe(FaktoryJobState.Unknown);
    }

    async Task<FaktoryJob> FetchAsync() => (await _producer.SendAsync(FaktoryCommands.Fetch(["default"])))!;
}
