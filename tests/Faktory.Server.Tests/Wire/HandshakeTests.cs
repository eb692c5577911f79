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
}
