using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Limits;

/// <summary>Clients by the thousand that hold connections open and never get to the point.</summary>
public sealed class SlowClientTests
{
    const int Silent = 2000;
    const int Trickling = 2000;

    [Fact]
    public async Task Those_who_dawdle_are_hung_up_on_and_keep_nobody_else_out()
    {
        await using var server = await TestServer.StartAsync();
        await using var before = await server.ConnectAsync();
        var slow = new List<WireClient>();
        for (var i = 0; i < Silent + Trickling; i++)
        {
            var client = await server.DialAsync();
            slow.Add(client);
            if (i % 2 == 0)
                await TrickleAsync(client);
        }

        await using (var meanwhile = await server.ConnectAsync())
            await meanwhile.PushAsync("job-00001");
        (await before.FetchJidAsync()).ShouldBe("job-00001");
        server.State.Traffic.Connections.ShouldBeLessThanOrEqualTo(server.State.Limits.HandshakesMax + 2);

        foreach (var client in slow.Where((_, i) => i % 2 == 0))
            await TrickleAsync(client);
        await server.AdvanceAsync(server.State.Limits.HandshakeFor);
        await server.UntilAsync(_ => server.State.Traffic.Connections == 1);
        foreach (var client in slow)
            await client.DisposeAsync();
    }

    static async Task TrickleAsync(WireClient client)
    {
        try
        {
            await client.SendAsync("H");
        }
        catch (IOException)
        {
            // Hung up on already: there is room for so many.
        }
    }
}
