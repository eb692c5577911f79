using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class HandshakeTests
{
    [Fact]
    public async Task Greeting_without_a_password_asks_for_none()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.DialAsync();

        (await client.ReadLineAsync()).ShouldBe("+HI {\"v\":2}");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"v":3}""")]
    [InlineData("""{"v":null,"pwdhash":null,"wid":null,"hostname":null,"pid":null,"labels":null,"username":null,"rss_kb":null}""")]
    [InlineData("""{"hostname":"box","wid":"4qpc2443vpvai","pid":2676,"labels":["golang"],"username":"tenant","rss_kb":12345,"v":2}""")]
    [InlineData("""{"v":2,"something":{"new":[1,2]}}""")]
    [InlineData("""{"v":2,"pwdhash":"not asked for"}""")]
    public async Task Hello_may_say_anything_of_the_right_type(string hello)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync(hello);

        (await client.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData("INFO\r\n")]
    [InlineData("hello {}\r\n")]
    [InlineData(" HELLO {}\r\n")]
    [InlineData("HELLO  {}\r\n")]
    [InlineData("HELLO\r\n")]
    [InlineData("HELLO []\r\n")]
    [InlineData("HELLO {\r\n")]
    [InlineData("HELLO {} {}\r\n")]
    [InlineData("HELLO {\"v\":\"2\"}\r\n")]
    [InlineData("HELLO {\"v\":256}\r\n")]
    [InlineData("HELLO {\"v\":-1}\r\n")]
    [InlineData("HELLO {\"pid\":\"7\"}\r\n")]
    [InlineData("HELLO {\"labels\":\"blue\"}\r\n")]
    [InlineData("HELLO {\"wid\":\"\\ud800\"}\r\n")]
    [InlineData("\r\n")]
    [InlineData("\0\0\0\0\r\n")]
    public async Task Anything_but_a_hello_is_hung_up_on_without_a_word(string line)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.DialAsync();
        await client.ReadLineAsync();

        await client.SendAsync(line);

        (await client.ReadToEndAsync()).ShouldBe("");
    }

    [Fact]
    public async Task Hello_may_end_with_a_bare_line_feed_and_come_in_pieces()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.DialAsync();
        await client.ReadLineAsync();

        foreach (var piece in (string[])["HEL", "LO {\"v\"", ":2}", "\n"])
            await client.SendAsync(piece);

        (await client.ReadAsync()).ShouldBe("+OK");
    }

    [Fact]
    public async Task Commands_may_follow_the_hello_without_waiting()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.DialAsync();

        await client.SendAsync("HELLO {}\r\nFLUSH\r\nEND\r\n");

        (await client.ReadToEndAsync()).ShouldBe("+HI {\"v\":2}\r\n+OK\r\n+OK\r\n");
    }

    [Fact]
    public async Task Hello_has_to_come_within_two_seconds()
    {
        await using var server = await TestServer.StartAsync();
        await using var late = await server.DialAsync();
        await late.ReadLineAsync();
        await late.SendAsync("HELLO {");
        await using var quick = await server.ConnectAsync();

        server.Clock.Advance(TimeSpan.FromSeconds(1.9));
        await late.SendAsync("\"v\":2");
        server.Clock.Advance(TimeSpan.FromSeconds(0.1));

        (await late.ReadToEndAsync()).ShouldBe("");
        (await quick.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Connection_may_be_silent_for_ever_after_its_hello()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await server.AdvanceAsync(TimeSpan.FromDays(30));

        (await client.CallAsync("FLUSH")).ShouldBe("+OK");
    }
}
