using System.Net;
using Faktory.Server.Connections;
using Faktory.Server.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Faktory.Server.Tests.Limits;

/// <summary>Guessing a password: at most ten wrong ones a minute from one address, whichever way they are sent.</summary>
public sealed class PasswordTriesTests
{
    const int Guesses = 1000;
    const string Unheard = "-ERR too many wrong passwords: at most 10 a minute from one address\r\n";
    const string Wrong = "-ERR Invalid password\r\n";

    [Fact]
    public async Task A_thousand_guesses_in_a_minute_are_ten()
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));

        var answers = new List<string>();
        foreach (var guesses in Enumerable.Range(0, Guesses).Chunk(50))
            answers.AddRange(await Task.WhenAll(guesses.Select(guess => SayHelloAsync(server, $"guess {guess}"))));

        answers.Count(answer => answer == Wrong).ShouldBe(10);
        answers.Count(answer => answer == Unheard).ShouldBe(Guesses - 10);
    }

    [Fact]
    public async Task Right_passwords_are_not_counted_and_a_guesser_is_listened_to_again_later()
    {
        await using var server = await TestServer.StartAsync(new Password("secret"));
        for (var i = 0; i < 30; i++)
            (await SayHelloAsync(server, "secret")).ShouldBe("+OK\r\n");
        for (var i = 0; i < 10; i++)
            (await SayHelloAsync(server, "guess")).ShouldBe(Wrong);
        (await SayHelloAsync(server, "secret")).ShouldBe(Unheard);

        await server.AdvanceAsync(TimeSpan.FromSeconds(6));

        (await SayHelloAsync(server, "secret")).ShouldBe("+OK\r\n");
        (await SayHelloAsync(server, "guess")).ShouldBe(Wrong);
        (await SayHelloAsync(server, "guess")).ShouldBe(Unheard);
    }

    [Fact]
    public async Task Where_no_password_is_asked_for_nothing_is_counted()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 30; i++)
            await (await server.ConnectAsync("""{"v":2,"pwdhash":"whatever"}""")).DisposeAsync();
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", false)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", true)]
    public void Addresses_count_one_by_one_and_those_of_one_network_of_version_six_together(string first, string second, bool isFree)
    {
        var tries = new PasswordTries(new FakeTimeProvider());
        for (var i = 0; i < 10; i++)
            tries.TryTake(At(first), 10).ShouldBeTrue();
        tries.TryTake(At(first), 10).ShouldBeFalse();

        tries.TryTake(At(second), 10).ShouldBe(isFree);
    }

    [Fact]
    public void Of_a_hundred_thousand_sources_a_bounded_number_is_remembered()
    {
        var tries = new PasswordTries(new FakeTimeProvider());
        for (var i = 0; i < 100_000; i++)
        {
            tries.TryTake(At($"10.{i >> 16}.{i >> 8 & 255}.{i & 255}"), 10).ShouldBeTrue();
            tries.Sources.ShouldBeInRange(1, PasswordTries.SourcesMax);
        }
    }

    static IPEndPoint At(string address) => new(IPAddress.Parse(address), 1);

    static async Task<string> SayHelloAsync(TestServer server, string password)
    {
        await using var client = await server.DialAsync();
        var answer = Challenged.Answer(await client.ReadLineAsync(), password);
        await client.SendAsync($$"""HELLO {"v":2,"pwdhash":"{{answer}}"}""" + "\r\nEND\r\n");
        return await client.ReadToEndAsync();
    }
}
