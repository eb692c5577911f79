using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class AckTests
{
    [Fact]
    public async Task Acknowledged_job_is_gone_and_counted()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678");
        await client.FetchJidAsync();
        (await client.CountAsync("working")).ShouldBe(1);

        (await client.CallAsync("""ACK {"jid":"12345678"}""")).ShouldBe("+OK");

        (await client.CountAsync("working")).ShouldBe(0);
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("total_processed").GetInt32().ShouldBe(1);
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("total_failures").GetInt32().ShouldBe(0);
        await server.AdvanceAsync(TimeSpan.FromDays(1));
        (await server.FetchNowAsync(client)).ShouldBeNull();
    }

    [Fact]
    public async Task Job_that_is_not_at_work_is_acknowledged_too()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678");

        (await client.CallAsync("""ACK {"jid":"12345678"}""")).ShouldBe("+OK");
        (await client.CallAsync("""ACK {"jid":"unknown"}""")).ShouldBe("+OK");

        (await client.QueueSizeAsync("default")).ShouldBe(1);
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("total_processed").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Second_acknowledgement_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678");
        await client.FetchJidAsync();

        (await client.CallAsync("""ACK {"jid":"12345678"}""")).ShouldBe("+OK");
        (await client.CallAsync("""ACK {"jid":"12345678","more":"text"}""")).ShouldBe("+OK");

        (await client.InfoAsync()).GetProperty("faktory").GetProperty("total_processed").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("12345678")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"jid":""}""")]
    [InlineData("""{"jid":null}""")]
    [InlineData("""{"jid":12345678}""")]
    [InlineData("""{"jid":"12345678","other":1}""")]
    [InlineData("""{"jid":"12345678"} more""")]
    [InlineData("""{"jid":"12345678" """)]
    public async Task What_does_not_name_a_job_is_sent_back(string argument)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"ACK {argument}")).ShouldBe($"-ERR invalid ACK {argument}");
    }

    [Fact]
    public async Task Any_connection_may_acknowledge()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");
        await using var other = await server.ConnectAsync();
        await worker.PushAsync("12345678");
        await worker.FetchJidAsync();

        (await other.CallAsync("""ACK {"jid":"12345678"}""")).ShouldBe("+OK");

        (await other.CountAsync("working")).ShouldBe(0);
    }
}
