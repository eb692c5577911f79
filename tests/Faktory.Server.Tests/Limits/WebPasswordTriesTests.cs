using System.Net;
using System.Text;
using Faktory.Server.Connections;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Tests.Ui;

namespace Faktory.Server.Tests.Limits;

/// <summary>Guessing the web UI's password: at most ten wrong ones a minute from one address.</summary>
public sealed class WebPasswordTriesTests
{
    const int Guesses = 500;

    static readonly PasswordPolicy Secret = new([new Password("secret")]);

    [Fact]
    public async Task Five_hundred_guesses_at_once_are_ten_and_the_rest_read_when_to_come_back()
    {
        await using var ui = await UiServer.StartAsync(o => o with { WebPasswords = Secret });

        var answers = new List<HttpStatusCode>();
        foreach (var guesses in Enumerable.Range(0, Guesses).Chunk(50))
            answers.AddRange(await Task.WhenAll(guesses.Select(guess => TryAsync(ui, $"guess {guess}"))));

        answers.Count(answer => answer == HttpStatusCode.Unauthorized).ShouldBe(10);
        answers.Count(answer => answer == HttpStatusCode.TooManyRequests).ShouldBe(Guesses - 10);
        using var refusal = await ui.SendAsync(HttpMethod.Get, "/", Basic("secret"));
        refusal.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refusal.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(6));
        refusal.Headers.WwwAuthenticate.ShouldBeEmpty();
        (await refusal.Content.ReadAsStringAsync()).ShouldBe("too many wrong passwords: at most 10 a minute from one address; try again in 6 seconds");
    }

    [Fact]
    public async Task A_guesser_is_listened_to_again_when_the_time_is_over_that_the_answer_named()
    {
        await using var ui = await UiServer.StartAsync(o => o with { WebPasswords = Secret });
        for (var i = 0; i < 10; i++)
            (await TryAsync(ui, "guess")).ShouldBe(HttpStatusCode.Unauthorized);

        ui.Server.Clock.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromMilliseconds(1));
        (await TryAsync(ui, "secret")).ShouldBe(HttpStatusCode.TooManyRequests);
        ui.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await TryAsync(ui, "secret")).ShouldBe(HttpStatusCode.OK);
        (await TryAsync(ui, "guess")).ShouldBe(HttpStatusCode.Unauthorized);
        (await TryAsync(ui, "guess")).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Only_wrong_passwords_count()
    {
        await using var ui = await UiServer.StartAsync(o => o with { WebPasswords = Secret });
        for (var i = 0; i < 30; i++)
        {
            (await TryAsync(ui, "secret")).ShouldBe(HttpStatusCode.OK);
            using var asked = await ui.SendAsync(HttpMethod.Get, "/");
            asked.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            using var unreadable = await ui.SendAsync(HttpMethod.Get, "/", ("Authorization", "Bearer secret"));
            unreadable.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        (await TryAsync(ui, "secret")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_guesses_at_the_web_UI_keeps_no_worker_of_the_same_address_out()
    {
        await using var ui = await UiServer.StartAsync(o => o with { Passwords = Secret });
        for (var i = 0; i < 11; i++)
            await TryAsync(ui, "guess");
        (await TryAsync(ui, "secret")).ShouldBe(HttpStatusCode.TooManyRequests);

        await using var worker = await ui.Server.DialAsync();
        var answer = Challenged.Answer(await worker.ReadLineAsync(), "secret");
        (await worker.CallAsync($$"""HELLO {"v":2,"pwdhash":"{{answer}}"}""")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/static/ui.css")]
    public async Task What_needs_no_password_is_served_to_a_guesser_too(string path)
    {
        await using var ui = await UiServer.StartAsync(o => o with { WebPasswords = Secret });
        for (var i = 0; i < 11; i++)
            await TryAsync(ui, "guess");
        await ui.GetAsync(path, Basic("guess"));
    }

    static async Task<HttpStatusCode> TryAsync(UiServer ui, string password)
    {
        using var response = await ui.SendAsync(HttpMethod.Get, "/", Basic(password));
        return response.StatusCode;
    }

    static (string, string) Basic(string password) => ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($":{password}")));
}
