using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

public sealed class ConnectionPoolTests
{
    [Fact]
    public async Task Push_whose_reply_was_lost_is_never_sent_again()
    {
        var pushes = 0;
        await using var server = new ScriptedServer(ScriptedServer.Greeting(async line =>
        {
            if ((await line.HearAsync())!.StartsWith("PUSH", StringComparison.Ordinal))
                Interlocked.Increment(ref pushes);
        }));
        await using var producer = new FaktoryProducer(server.Options());

        (await Should.ThrowAsync<FaktoryConnectionException>(() => producer.PushAsync(FaktoryJob.Create("Mail")))).IsOutcomeUnknown.ShouldBeTrue();

        pushes.ShouldBe(1);
    }

    [Fact]
    public async Task Question_whose_reply_was_lost_is_asked_again()
    {
        await using var server = new ScriptedServer(
            ScriptedServer.Greeting(line => line.HearAsync()),
            ScriptedServer.Greeting(async line =>
            {
                await line.HearAsync();
                await line.SayAsync("$2\r\n{}\r\n");
                await line.KeepSilentAsync();
            }));
        await using var producer = new FaktoryProducer(server.Options());

        (await producer.InfoAsync()).TotalProcessed.ShouldBe(0);

        server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task Producer_outlives_its_connections()
    {
        const int pushes = 20;
        await using var server = new ScriptedServer(ScriptedServer.Greeting(async line =>
        {
            // One answer for each connection, then the line goes dead.
            await line.HearAsync();
            await line.SayAsync("+OK\r\n");
        }));
        await using var producer = new FaktoryProducer(server.Options());

        var answered = 0;
        while (answered < pushes)
        {
            try
            {
                await producer.PushAsync(FaktoryJob.Create("Mail"));
                answered++;
            }
            catch (FaktoryConnectionException race) when (race.IsOutcomeUnknown)
            {
                // Sent in the moment between the last reply and the end of the connection.
            }
        }

        server.Connections.ShouldBe(pushes);
    }

    [Fact]
    public async Task Connections_never_exceed_their_limit()
    {
        var open = 0;
        var openMax = 0;
        await using var server = new ScriptedServer(ScriptedServer.Greeting(async line =>
        {
            InterlockedMax(ref openMax, Interlocked.Increment(ref open));
            while (await line.HearAsync() is { } command && command != "END")
                await line.SayAsync("+OK\r\n");
            Interlocked.Decrement(ref open);
        }));
        await using var producer = new FaktoryProducer(server.Options() with { ConnectionsMax = 3 });

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => producer.PushAsync(FaktoryJob.Create("Mail"))));

        openMax.ShouldBeInRange(1, 3);
        server.Connections.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Disposed_producer_refuses_to_push()
    {
        var producer = new FaktoryProducer(new FaktoryClientOptions(FaktoryUrl.Parse("tcp://localhost:1"), TimeProvider.System));
        await producer.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => producer.PushAsync(FaktoryJob.Create("Mail")));
    }

    static void InterlockedMax(ref int highest, int value)
    {
        for (var seen = Volatile.Read(ref highest); value > seen; seen = Volatile.Read(ref highest))
            Interlocked.CompareExchange(ref highest, value, seen);
    }
}
