using System.Text;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class FramingTests
{
    [Fact]
    public async Task Line_ends_with_carriage_return_and_line_feed_or_a_line_feed_alone()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync("FLUSH\r\nFLUSH\nFLUSH\n\nEND\n");

        (await client.ReadToEndAsync()).ShouldBe("+OK\r\n+OK\r\n+OK\r\n-ERR unknown command \r\n");
    }

    [Theory]
    [InlineData("flush", "flush")]
    [InlineData(" FLUSH", "")]
    [InlineData("", "")]
    [InlineData("FLUSH\t", "FLUSH\t")]
    [InlineData("HELLO {}", "HELLO")]
    [InlineData("PUSHX {}", "PUSHX")]
    [InlineData("SELECT * FROM jobs", "SELECT")]
    [InlineData("ФЛАШ", "ФЛАШ")]
    public async Task Verb_counts_only_as_it_is_written_and_is_repeated_when_it_is_unknown(string line, string echo)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe($"-ERR unknown command {echo}");
        (await client.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Unknown_verb_is_repeated_whatever_bytes_it_has()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync((byte[])[0x00, 0xFF, 0xC3, 0x28, 0x80, (byte)'\n']);

        (await client.ReadBytesAsync(27)).ShouldBe((byte[])[.. "-ERR unknown command "u8, 0x00, 0xFF, 0xC3, 0x28, 0x80, (byte)'\r']);
    }

    [Fact]
    public async Task Carriage_return_in_a_line_cannot_forge_an_answer()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync("A\r+OK\rB\r\n");

        (await client.ReadLineAsync()).ShouldBe("-ERR unknown command A +OK B");
    }

    [Fact]
    public async Task Commands_sent_together_are_answered_in_their_order()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync(
            $"PUSH {Job.Json("job-00001")}\r\nNOPE\r\nQUEUE LATENCY default\r\nFETCH other default\r\nACK {{\"jid\":\"job-00001\"}}\r\nBEAT {{\"wid\":\"x\"}}\r\nFLUSH\r\nEND\r\nFLUSH\r\n");

        var answers = await client.ReadToEndAsync();
        answers.Split("\r\n").Select(a => a.Length > 12 ? a[..12] : a)
            .ShouldBe(["+OK", "-ERR unknown", "$13", "{\"default\":0", answers.Split("\r\n")[4], "{\"jid\":\"job-", "+OK", "-ERR Unknown", "+OK", ""]);
    }

    [Fact]
    public async Task Thousands_of_commands_may_be_under_way_at_once()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var lines = Enumerable.Range(0, 5000).Select(i => i % 10 == 0 ? $"FETCH q{i}\n" : $"PUSH {Job.Json($"job-{i:D5}", $"q{i - i % 10}")}\n").Reverse();

        var sending = client.SendAsync(string.Concat(lines));
        for (var i = 4999; i >= 0; i--)
        {
            if (i % 10 == 0)
                Job.Jid(await client.ReadAsync()).ShouldBe($"job-{i + 9:D5}");
            else
                (await client.ReadAsync()).ShouldBe("+OK");
        }
        await sending;
    }

    [Fact]
    public async Task Line_may_come_byte_by_byte()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        foreach (var b in Encoding.UTF8.GetBytes($"PUSH {Job.Json("job-00001")}\r\n"))
            await client.SendAsync((byte[])[b]);

        (await client.ReadAsync()).ShouldBe("+OK");
    }

    [Fact]
    public async Task Half_a_line_at_the_end_is_not_a_command()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
            await client.SendAsync($"PUSH {Job.Json("job-00001")}\r\nPUSH {Job.Json("job-00002")}");
        await using var other = await server.ConnectAsync();

        await server.UntilAsync(engine => engine.Queues.JobCount == 1 && server.State.Traffic.Connections == 1);

        (await other.FetchJidAsync()).ShouldBe("job-00001");
        (await other.QueueSizeAsync("default")).ShouldBe(0);
    }

    [Fact]
    public async Task End_closes_without_an_answer()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync("END\r\n");

        (await client.ReadToEndAsync()).ShouldBe("");
    }

    [Theory]
    [InlineData("PUSH")]
    [InlineData("PUSHB")]
    [InlineData("ACK")]
    [InlineData("FAIL")]
    [InlineData("BEAT")]
    [InlineData("QUEUE")]
    [InlineData("QUEUE PAUSE")]
    [InlineData("QUEUE RESUME ")]
    [InlineData("QUEUE REMOVE")]
    public async Task Verb_without_its_argument_is_an_internal_error_and_nothing_worse(string line)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe("-ERR internal error");
        (await client.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Client_that_closes_its_sending_side_still_gets_its_answers()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync($"PUSH {Job.Json("job-00001")}\nFLUSH\n");
        client.CloseSending();

        (await client.ReadToEndAsync()).ShouldBe("+OK\r\n+OK\r\n");
    }
}
