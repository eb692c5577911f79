using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class GivenBackJobTests
{
    [Fact]
    public async Task A_job_that_was_at_work_during_a_restart_is_given_back_to_its_queue()
    {
        await using var server = await TestServer.StartAsync();
        await PushAndFetchAsync(server, pushed: 1, fetched: 1);
        await server.RestartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("""REQUEUE {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await server.FetchNowAsync(client))!.ShouldContain("job-00001");
    }

    [Fact]
    public async Task Jobs_before_one_that_is_given_back_after_a_restart_are_still_there()
    {
        await using var server = await TestServer.StartAsync();
        await PushAndFetchAsync(server, pushed: 3, fetched: 2);
        await using (var client = await server.ConnectAsync())
            await client.CallAsync("""REQUEUE {"jid":"job-00001"}""");
        await server.RestartAsync();
        await using (var client = await server.ConnectAsync())
            await client.CallAsync("""REQUEUE {"jid":"job-00002"}""");
        await server.RestartAsync();

        await using var last = await server.ConnectAsync();
        for (var n = 1; n <= 3; n++)
            (await server.FetchNowAsync(last))!.ShouldContain($"job-0000{n}");
    }

    static async Task PushAndFetchAsync(TestServer server, int pushed, int fetched)
    {
        await using var client = await server.ConnectAsync();
        for (var n = 1; n <= pushed; n++)
            (await client.CallAsync($$"""PUSH {"jid":"job-0000{{n}}","jobtype":"Test","args":[]}""")).ShouldBe("+OK");
        for (var n = 1; n <= fetched; n++)
            (await client.FetchJidAsync()).ShouldBe($"job-0000{n}");
    }
}
