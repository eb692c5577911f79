using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

public sealed class PauseTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
{
    readonly FaktoryProducer _producer = new(fixture.Server.Options);

    public async ValueTask InitializeAsync() => await _producer.FlushAsync();

    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    [Fact]
    public async Task Pause_with_a_reason_and_an_end_ends_by_itself()
    {
        var queue = "p" + FaktoryJob.NewJid();
        var jid = await _producer.PushAsync(FaktoryJob.Create("Waits") with { Queue = queue });

        await _producer.PauseQueuesAsync([queue], "the provider is down", TimeProvider.System.GetUtcNow().AddSeconds(1));

        // A FETCH waits 2 s at most, so one that began at once sees the end of the pause.
        (await _producer.SendAsync(FaktoryCommands.Fetch([queue]))).ShouldNotBeNull().Jid.ShouldBe(jid);
    }

    [Fact]
    public async Task Pause_with_a_reason_alone_lasts_until_it_is_ended()
    {
        var queue = "p" + FaktoryJob.NewJid();
        await _producer.PushAsync(FaktoryJob.Create("Waits") with { Queue = queue });
        await _producer.PauseQueuesAsync([queue], "look at {this}\r\nfirst");

        (await _producer.SendAsync(FaktoryCommands.Fetch([queue]))).ShouldBeNull();
        await _producer.ResumeQueuesAsync([queue]);
        (await _producer.SendAsync(FaktoryCommands.Fetch([queue]))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Pause_whose_end_has_passed_is_refused()
    {
        var refused = await Should.ThrowAsync<FaktoryCommandException>(() => _producer.PauseQueuesAsync(["any"], null, TimeProvider.System.GetUtcNow().AddSeconds(-1)));

        refused.Message.ShouldContain("until");
    }
}
