using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class PushManyTests
{
    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData(" [ ] ")]
    public async Task Nothing_to_push_is_fine(string jobs)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync($"PUSHB {jobs}\r\nEND\r\n");

        (await client.ReadToEndAsync()).ShouldBe("$2\r\n{}\r\n");
    }

    [Fact]
    public async Task All_jobs_are_enqueued_in_their_order()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSHB [{Job.Json("job-00001")}, {Job.Json("job-00002")} ,{Job.Json("job-00003", "other")}]")).ShouldBe("{}");

        (await client.FetchJidAsync("default other")).ShouldBe("job-00001");
        (await client.FetchJidAsync("default other")).ShouldBe("job-00002");
        (await client.FetchJidAsync("default other")).ShouldBe("job-00003");
    }

    [Fact]
    public async Task Jobs_that_are_refused_are_named_with_the_reason_and_the_others_taken()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        var answer = await client.CallAsync($$"""PUSHB [{{Job.Json("job-00001")}},{"jid":"job-00002","args":[]},{"jid":"short"},{},null,{{Job.Json("job-00003", "a b")}}]""");

        answer.ShouldBe(
            """{"job-00002":"jobs must have a jobtype parameter","short":"jobs must have a reasonable jid parameter","":"jobs must have a reasonable jid parameter","job-00003":"cannot get \"a b\" queue: queue names must match \\A[a-zA-Z0-9._-]+\\z"}""");
        (await client.QueueSizeAsync("default")).ShouldBe(1);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{}")]
    [InlineData("[]]")]
    [InlineData("[JOB,7]")]
    [InlineData("[JOB,[]]")]
    [InlineData("[JOB,{\"jid\":7}]")]
    [InlineData("[JOB,{\"args\":{}}]")]
    [InlineData("[JOB] more")]
    public async Task One_that_cannot_be_read_rejects_them_all(string jobs)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSHB {jobs.Replace("JOB", Job.Json("job-00001"), StringComparison.Ordinal)}"))!.ShouldStartWith("-ERR invalid JSON: ");
        (await client.QueueSizeAsync("default")).ShouldBeNull();
    }

    [Fact]
    public async Task Jobs_for_later_are_scheduled()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSHB [{Job.Json("job-00001", "default", "\"at\":\"2027-01-01T00:00:00Z\"")},{Job.Json("job-00002")}]")).ShouldBe("{}");

        (await client.CountAsync("scheduled")).ShouldBe(1);
        (await client.QueueSizeAsync("default")).ShouldBe(1);
    }

    [Fact]
    public async Task Ten_thousand_jobs_may_come_at_once()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSHB [{string.Join(',', Enumerable.Range(0, 10_000).Select(i => Job.Json($"job-{i:D5}")))}]")).ShouldBe("{}");

        (await client.QueueSizeAsync("default")).ShouldBe(10_000);
    }
}
