using System.Globalization;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class CancelTests
{
    [Fact]
    public async Task A_job_that_waits_is_taken_back_wherever_it_waits()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-queued", "mail");
        await client.PushAsync("job-later", "mail", """ "at":"2030-01-01T00:00:00Z" """);
        await client.PushAsync("job-failed", "other");
        await client.FetchJidAsync("other");
        await client.CallAsync("""FAIL {"jid":"job-failed"}""");

        foreach (var jid in (string[])["job-queued", "job-later", "job-failed"])
            (await client.CallAsync($$"""CANCEL {"jid":"{{jid}}"}""")).ShouldBe("+OK");

        (await client.QueueSizeAsync("mail")).ShouldBe(0);
        (await client.CountAsync("scheduled")).ShouldBe(0);
        (await client.CountAsync("retries")).ShouldBe(0);
    }

    [Fact]
    public async Task One_among_thousands_is_found_and_only_that_one()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var part in Enumerable.Range(0, 3000).Chunk(1000))
            (await client.CallAsync($"PUSHB [{string.Join(',', part.Select(i => Job.Json(Jid(i), i % 2 == 0 ? "even" : "odd")))}]")).ShouldBe("{}");

        (await client.CallAsync($$"""CANCEL {"jid":"{{Jid(2719)}}"}""")).ShouldBe("+OK");

        (await client.QueueSizeAsync("even")).ShouldBe(1500);
        (await client.QueueSizeAsync("odd")).ShouldBe(1499);
    }

    [Fact]
    public async Task A_job_at_work_is_over_and_its_worker_is_told_once_when_it_asks()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("w-1");
        await worker.PushAsync("job-00001");
        await worker.FetchJidAsync();

        (await worker.CallAsync("""CANCEL {"jid":"job-00001"}""")).ShouldBe("+OK");

        (await worker.CountAsync("working")).ShouldBe(0);
        (await worker.CallAsync("""BEAT {"wid":"w-1"}""")).ShouldBe("+OK");
        (await worker.CallAsync("""BEAT {"wid":"w-1","cancels":true}""")).ShouldBe("""{"state":"","cancelled":["job-00001"]}""");
        (await worker.CallAsync("""BEAT {"wid":"w-1","cancels":true}""")).ShouldBe("+OK");
        (await worker.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("-ERR Job not found job-00001");
        (await worker.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await worker.InfoAsync()).GetProperty("faktory").GetProperty("total_processed").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task What_hangs_on_it_is_freed_and_it_stays_cancelled_across_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        const string unique = """ "custom":{"unique_for":600} """;
        await using (var client = await server.ConnectAsync())
        {
            await client.PushAsync("job-00001", more: unique);
            (await client.CallAsync($"PUSH {Job.Json("job-00002", more: unique)}")).ShouldBe("-NOTUNIQUE Job not unique");
            (await client.CallAsync("""CANCEL {"jid":"job-00001"}""")).ShouldBe("+OK");
            await client.PushAsync("job-00002", more: unique);
        }
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        (await again.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Theory]
    [InlineData("CANCEL", "-ERR internal error")]
    [InlineData("CANCEL {}", "-ERR invalid CANCEL {}")]
    [InlineData("""CANCEL {"jid":"nobody-knows"}""", "-ERR Job not found nobody-knows")]
    public async Task What_is_not_there_is_said(string command, string answer)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");

        (await client.CallAsync(command)).ShouldBe(answer);
        (await client.FetchJidAsync()).ShouldBe("job-00001");
    }

    static string Jid(int i) => string.Create(CultureInfo.InvariantCulture, $"job-{i:00000}");
}
