using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Engine;

public sealed class FootprintTests
{
    [Fact]
    public async Task Memory_is_given_back_while_the_server_works_on()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectWorkerAsync("wid-1");
        using var footprint = new Footprint(server.State.Traffic, server.Clock);
        var collections = GC.CollectionCount(GC.MaxGeneration);
        await client.PushAsync("12345678");

        await server.AdvanceAsync(TimeSpan.FromSeconds(1));

        GC.CollectionCount(GC.MaxGeneration).ShouldBeGreaterThan(collections);
        (await client.FetchJidAsync()).ShouldBe("12345678");
    }
}
