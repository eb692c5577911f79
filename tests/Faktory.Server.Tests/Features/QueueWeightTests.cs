using Faktory.Server.Config;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class QueueWeightTests
{
    const int Fetches = 400;

    [Fact]
    public async Task Queues_with_weights_have_their_share_and_none_starves()
    {
        await using var server = await TestServer.StartAsync(Weighing(new() { ["heavy"] = 3 }));
        await using var client = await server.ConnectAsync();
        await FillAsync(client, "heavy", "light");

        var heavy = 0;
        for (var i = 0; i < Fetches; i++)
            heavy += (await client.FetchJidAsync("light heavy"))!.StartsWith("heavy", StringComparison.Ordinal) ? 1 : 0;

        // Three in four, give or take six standard deviations.
        heavy.ShouldBeInRange(Fetches * 3 / 4 - 52, Fetches * 3 / 4 + 52);
    }

    [Fact]
    public async Task Without_a_weight_among_them_the_order_is_the_clients()
    {
        await using var server = await TestServer.StartAsync(Weighing(new() { ["heavy"] = 3 }));
        await using var client = await server.ConnectAsync();
        await FillAsync(client, "first", "second");

        for (var i = 0; i < Fetches; i++)
            (await client.FetchJidAsync("first second"))!.ShouldStartWith("first");
        (await client.FetchJidAsync("first second"))!.ShouldStartWith("second");
    }

    [Fact]
    public async Task A_plan_without_them_keeps_the_clients_order()
    {
        var off = FeatureSet.Read(new Dictionary<string, System.Text.Json.JsonElement> { ["weights"] = System.Text.Json.JsonElement.Parse("false") });
        await using var server = await TestServer.StartAsync(o => o with { Rules = EngineRules.Default with { Weights = new Dictionary<string, int> { ["heavy"] = 1000 }, Features = off } });
        await using var client = await server.ConnectAsync();
        await FillAsync(client, "light", "heavy");

        for (var i = 0; i < Fetches; i++)
            (await client.FetchJidAsync("light heavy"))!.ShouldStartWith("light");
    }

    [Theory]
    [InlineData("mail", 0)]
    [InlineData("mail", 1001)]
    [InlineData("no queue", 1)]
    public void Weights_that_make_no_sense_are_refused(string queue, int weight) =>
        Should.Throw<ConfigurationException>(() => WeightSettings.Read(new Dictionary<string, int> { [queue] = weight })).Message.ShouldContain(queue);

    static Func<ServerOptions, ServerOptions> Weighing(Dictionary<string, int> weights) => o => o with { Rules = EngineRules.Default with { Weights = weights } };

    static async Task FillAsync(WireClient client, params string[] queues)
    {
        foreach (var queue in queues)
            (await client.CallAsync($"PUSHB [{string.Join(',', Enumerable.Range(0, Fetches).Select(i => Job.Json($"{queue}-{i:00000}", queue)))}]")).ShouldBe("{}");
    }
}
