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
    public async Task Addresses_count_one_by_one_and_those_of_one_network_of_version_six_together(string first, string second, bool isFree)
    {
        var tries = new PasswordTries(new FakeTimeProvider());
        for (var i = 0; i < 10; i++)
            (await GuessAsync(tries, At(first))).ShouldBeTrue();
        (await GuessAsync(tries, At(first))).ShouldBeFalse();

        (await GuessAsync(tries, At(second))).ShouldBe(isFree);
    }

    [Fact]
    public async Task Right_passwords_that_come_together_wait_for_each_other_and_are_all_looked_at()
    {
        var (tries, from) = (new PasswordTries(new FakeTimeProvider()), At("192.0.2.1"));
        var begun = Enumerable.Range(0, 100).Select(_ => tries.TryBeginAsync(from, 10).AsTask()).ToList();
        begun.Count(b => b.IsCompletedSuccessfully).ShouldBe(10);

        for (var ended = 0; ended < 100; ended++)
        {
            var next = await Task.WhenAny(begun);
            (await next).ShouldBeTrue();
            begun.Remove(next);
            tries.End(from, isRight: true, 10);
        }

        tries.Sources.ShouldBe(0);
    }

    [Fact]
    public async Task Wrong_passwords_that_come_together_send_away_those_that_wait()
    {
        var (tries, from) = (new PasswordTries(new FakeTimeProvider()), At("192.0.2.1"));
        var begun = Enumerable.Range(0, 100).Select(_ => tries.TryBeginAsync(from, 10).AsTask()).ToArray();

        for (var ended = 0; ended < 10; ended++)
            tries.End(from, isRight: false, 10);

        (await Task.WhenAll(begun)).Count(isLookedAt => isLookedAt).ShouldBe(10);
    }

    [Fact]
    public async Task Of_a_hundred_thousand_sources_a_bounded_number_is_remembered_and_none_that_is_being_looked_at_forgotten()
    {
        var tries = new PasswordTries(new FakeTimeProvider());
        (await tries.TryBeginAsync(At("192.0.2.1"), 10)).ShouldBeTrue();
        for (var i = 0; i < 100_000; i++)
        {
            (await GuessAsync(tries, At($"10.{i >> 16}.{i >> 8 & 255}.{i & 255}"))).ShouldBeTrue();
            tries.Sources.ShouldBeInRange(1, PasswordTries.SourcesMax);
        }
        tries.End(At("192.0.2.1"), isRight: true, 10);
    }

    static async Task<bool> GuessAsync(PasswordTries tries, IPEndPoint from)
    {
        if (!await tries.TryBeginAsync(from, 10))
            return false;
        tries.End(from, isRight: false, 10);
        return true;
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
