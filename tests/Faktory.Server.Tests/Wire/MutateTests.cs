using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class MutateTests
{
    [Theory]
    [InlineData("scheduled")]
    [InlineData("retries")]
    [InlineData("dead")]
    public async Task Discard_removes_the_jobs_that_are_named(string target)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FilledAsync(server);

        (await client.CallAsync(Mutate("discard", target, $$"""{"jids":["{{target}}-job-1","unknown-1"]}"""))).ShouldBe("+OK");

        (await client.CountAsync(target)).ShouldBe(1);
        (await CountsAsync(client)).ShouldBe(5);
    }

    [Theory]
    [InlineData("scheduled")]
    [InlineData("retries")]
    [InlineData("dead")]
    public async Task Requeue_makes_them_ready_at_once(string target)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FilledAsync(server);

        (await client.CallAsync(Mutate("requeue", target, $$"""{"jids":["{{target}}-job-2"]}"""))).ShouldBe("+OK");

        (await client.FetchJidAsync("work")).ShouldBe($"{target}-job-2");
        (await client.CountAsync(target)).ShouldBe(1);
    }

    [Theory]
    [InlineData("scheduled")]
    [InlineData("retries")]
    public async Task Kill_moves_them_to_the_dead(string target)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FilledAsync(server);

        (await client.CallAsync(Mutate("kill", target, "null"))).ShouldBe("+OK");

        (await client.CountAsync(target)).ShouldBe(0);
        (await client.CountAsync("dead")).ShouldBe(4);
        await server.AdvanceAsync(TimeSpan.FromDays(180));
        (await client.CountAsync("dead")).ShouldBe(0);
    }

    [Theory]
    [InlineData("scheduled")]
    [InlineData("retries")]
    [InlineData("dead")]
    public async Task Clear_removes_them_all(string target)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FilledAsync(server);

        (await client.CallAsync($$"""MUTATE {"cmd":"clear","target":"{{target}}"}""")).ShouldBe("+OK");

        (await client.CountAsync(target)).ShouldBe(0);
        (await CountsAsync(client)).ShouldBe(4);
    }

    [Theory]
    [InlineData("""{"jobtype":"Thing"}""", 0)]
    [InlineData("""{"jobtype":"Thin"}""", 2)]
    [InlineData("""{"jobtype":"thing"}""", 2)]
    [InlineData("""{"regexp":"*dead-job-1*"}""", 1)]
    [InlineData("""{"regexp":"dead-job-1"}""", 2)]
    [InlineData("""{"regexp":"*\"dead-job-[12]\"*"}""", 0)]
    [InlineData("""{"jobtype":"Thing","regexp":"*dead-job-2*"}""", 1)]
    [InlineData("""{"jobtype":"Other","regexp":"*dead-job-2*"}""", 2)]
    [InlineData("""{"jids":["dead-1234"],"jobtype":"Thing","regexp":"*"}""", 2)]
    [InlineData("""{ "jids" : [ "dead-job-1" ] }""", 1)]
    [InlineData("""{"regexp":"*a b*"}""", 2)]
    [InlineData("{}", 0)]
    public async Task Filter_says_which(string filter, int left)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await DieAsync(client, "dead-job-1", "default");
        await DieAsync(client, "dead-job-2", "default");

        (await client.CallAsync(Mutate("discard", "dead", filter))).ShouldBe("+OK");

        (await client.CountAsync("dead")).ShouldBe(left);
    }

    [Theory]
    [InlineData("explode", "dead", "unknown mutate operation")]
    [InlineData("explode", "queue", "unknown mutate operation")]
    [InlineData("kill", "queue", "invalid target for mutation command")]
    [InlineData("kill", "", "invalid target for mutation command")]
    public async Task Words_it_does_not_know_are_refused(string operation, string target, string refusal)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(Mutate(operation, target, "{}"))).ShouldBe($"-ERR {refusal}");
    }

    [Theory]
    [InlineData("MUTATE []")]
    [InlineData("MUTATE nonsense")]
    [InlineData("MUTATE {\"cmd\":1}")]
    [InlineData("MUTATE {\"cmd\":\"kill\",\"target\":\"dead\",\"filter\":[]}")]
    [InlineData("MUTATE {\"cmd\":\"kill\",\"target\":\"dead\",\"filter\":{\"jids\":\"a\"}}")]
    public async Task What_cannot_be_read_has_an_invalid_format(string line)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe("-ERR invalid format");
    }

    static string Mutate(string operation, string target, string filter) => $$"""MUTATE {"filter":{{filter}},"cmd":"{{operation}}","target":"{{target}}"}""";

    // Two jobs in each of the sets, named after it.
    static async Task<WireClient> FilledAsync(TestServer server)
    {
        var client = await server.ConnectAsync();
        foreach (var n in (string[])["1", "2"])
        {
            await client.PushAsync($"scheduled-job-{n}", "work", "\"at\":\"2027-01-01T00:00:00Z\"");
            await client.PushAsync($"retries-job-{n}", "work");
            await client.FetchJidAsync("work");
            await client.CallAsync($$"""FAIL {"jid":"retries-job-{{n}}"}""");
            await DieAsync(client, $"dead-job-{n}", "work");
        }
        return client;
    }

    static async Task DieAsync(WireClient client, string jid, string queue)
    {
        await client.PushAsync(jid, queue, "\"retry\":-1");
        await client.FetchJidAsync(queue);
        (await client.CallAsync($$"""FAIL {"jid":"{{jid}}"}""")).ShouldBe("+OK");
    }

    static async Task<int> CountsAsync(WireClient client) =>
        await client.CountAsync("scheduled") + await client.CountAsync("retries") + await client.CountAsync("dead");
}
