using System.Text.RegularExpressions;
using Faktory.Server.Connections;
using Faktory.Server.Protocol;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed partial class PasswordTests
{
    [Fact]
    public void Hash_is_that_of_the_protocols_test_vector() =>
        Challenge.Hash("foobar", "55104dc76695721d", 1545).ShouldBe("6d877f8e5544b1f2598768f817413ab8a357afffa924dedae99eb91472d4ec30");

    [Fact]
    public async Task Greeting_is_a_second_word_of_json_without_spaces()
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));
        await using var first = await server.DialAsync();
        await using var second = await server.DialAsync();

        var greeting = await first.ReadLineAsync();

        Greeting().IsMatch(greeting).ShouldBeTrue(greeting);
        Challenged.Asked(greeting).Iterations.ShouldBeInRange(4000, 8095);
        (await second.ReadLineAsync()).ShouldNotBe(greeting);
    }

    [Fact]
    public async Task Right_answer_lets_in()
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));

        (await SayHelloAsync(server, "secret")).ShouldBe("+OK\r\n");
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("secret ")]
    public async Task Wrong_password_is_told_and_hung_up_on(string password)
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));

        (await SayHelloAsync(server, password)).ShouldBe("-ERR Invalid password\r\n");
    }

    [Fact]
    public async Task Hash_in_capitals_is_wrong()
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));

        (await SayHelloAsync(server, "secret", hash => hash.ToUpperInvariant())).ShouldBe("-ERR Invalid password\r\n");
    }

    [Theory]
    [InlineData("""{"v":2}""")]
    [InlineData("""{"v":2,"pwdhash":null}""")]
    public async Task Hello_without_a_hash_is_wrong(string hello)
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));
        await using var client = await server.DialAsync();
        await client.ReadLineAsync();

        await client.SendAsync($"HELLO {hello}\r\n");

        (await client.ReadToEndAsync()).ShouldBe("-ERR Invalid password\r\n");
    }

    [Fact]
    public async Task Answer_to_another_connections_challenge_is_wrong()
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));
        await using var overheard = await server.DialAsync();
        await using var client = await server.DialAsync();
        var answer = Challenged.Answer(await overheard.ReadLineAsync(), "secret");
        await client.ReadLineAsync();

        await client.SendAsync($$"""HELLO {"v":2,"pwdhash":"{{answer}}"}""" + "\r\n");

        (await client.ReadToEndAsync()).ShouldBe("-ERR Invalid password\r\n");
    }

    [Fact]
    public async Task Any_of_several_passwords_lets_in_until_it_expires()
    {
        await using var server = await TestServer.StartAsync(new Password("new"), new Password("old", TestServer.StartedAt.AddHours(1)));

        (await SayHelloAsync(server, "new")).ShouldBe("+OK\r\n");
        (await SayHelloAsync(server, "old")).ShouldBe("+OK\r\n");
        await server.AdvanceAsync(TimeSpan.FromHours(1));
        (await SayHelloAsync(server, "old")).ShouldBe("-ERR Invalid password\r\n");
        (await SayHelloAsync(server, "new")).ShouldBe("+OK\r\n");
    }

    [Fact]
    public async Task Connection_outlives_the_password_it_came_with()
    {
        await using var server = await TestServer.StartAsync(new Password("old", TestServer.StartedAt.AddHours(1)));
        await using var client = await server.DialAsync();
        (await client.CallAsync(Hello(await client.ReadLineAsync(), "old", 2))).ShouldBe("+OK");

        await server.AdvanceAsync(TimeSpan.FromHours(2));

        (await client.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData("""{"pwdhash":"?"}""")]
    [InlineData("""{"v":1,"pwdhash":"?"}""")]
    public async Task Client_that_hashes_once_is_let_in_only_where_that_is_allowed(string hello)
    {
        await using var strict = await TestServer.StartAsync(new Password("secret"));
        await using var lenient = await TestServer.StartAsync(o => o with { Passwords = new PasswordPolicy([new Password("secret")], AllowsSingleHash: true) });

        (await HashOnceAsync(strict, hello)).ShouldBe("-ERR Invalid password\r\n");
        (await HashOnceAsync(lenient, hello)).ShouldBe("+OK\r\n");
    }

    [Fact]
    public async Task Client_of_version_two_cannot_hash_once_even_where_that_is_allowed()
    {
        await using var server = await TestServer.StartAsync(o => o with { Passwords = new PasswordPolicy([new Password("secret")], AllowsSingleHash: true) });

        (await HashOnceAsync(server, """{"v":2,"pwdhash":"?"}""")).ShouldBe("-ERR Invalid password\r\n");
    }

    static async Task<string> SayHelloAsync(TestServer server, string password, Func<string, string>? spoil = null)
    {
        await using var client = await server.DialAsync();
        var hash = Challenged.Answer(await client.ReadLineAsync(), password);
        await client.SendAsync($$"""HELLO {"v":2,"pwdhash":"{{spoil?.Invoke(hash) ?? hash}}"}""" + "\r\nEND\r\n");
        return await client.ReadToEndAsync();
    }

    static async Task<string> HashOnceAsync(TestServer server, string hello)
    {
        await using var client = await server.DialAsync();
        var (salt, _) = Challenged.Asked(await client.ReadLineAsync());
        await client.SendAsync($"HELLO {hello.Replace("?", Challenge.Hash("secret", salt, 1), StringComparison.Ordinal)}\r\nEND\r\n");
        return await client.ReadToEndAsync();
    }

    static string Hello(string greeting, string password, int version) => $$"""HELLO {"v":{{version}},"pwdhash":"{{Challenged.Answer(greeting, password)}}"}""";

    [GeneratedRegex("""^\+HI \{"v":2,"i":\d{4},"s":"[0-9a-f]{1,16}"\}$""")]
    private static partial Regex Greeting();
}
