using System.Text.Json;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class FailTests
{
    // The test server's dice begin alike each time; whatever they show, the delay is at most this.
    static readonly TimeSpan FirstDelayMax = TimeSpan.FromSeconds(15 + 29);

    [Fact]
    public async Task Failed_job_comes_back_with_what_was_said_about_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);

        (await client.CallAsync("""FAIL {"jid":"12345678","errtype":"Boom","message":"it \"broke\"","backtrace":["one","two"]}""")).ShouldBe("+OK");

        (await client.CountAsync("working")).ShouldBe(0);
        (await client.CountAsync("retries")).ShouldBe(1);
        await server.AdvanceAsync(FirstDelayMax);
        var failure = Job.Member((await client.CallAsync("FETCH default"))!, "failure");
        failure.GetProperty("retry_count").GetInt32().ShouldBe(0);
        failure.GetProperty("remaining").GetInt32().ShouldBe(25);
        failure.GetProperty("failed_at").GetString().ShouldBe("2026-01-02T03:04:05Z");
        DateTimeOffset.Parse(failure.GetProperty("next_at").GetString()!, null)
            .ShouldBeInRange(TestServer.StartedAt.AddSeconds(15), TestServer.StartedAt + FirstDelayMax);
        failure.GetProperty("message").GetString().ShouldBe("it \"broke\"");
        failure.GetProperty("errtype").GetString().ShouldBe("Boom");
        failure.GetProperty("backtrace").EnumerateArray().Select(l => l.GetString()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Retry_waits_at_least_fifteen_seconds()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);
        await client.CallAsync("""FAIL {"jid":"12345678"}""");

        await server.AdvanceAsync(TimeSpan.FromSeconds(14.9));

        (await client.CountAsync("retries")).ShouldBe(1);
    }

    [Fact]
    public async Task Retries_are_further_and_further_apart_and_end_in_the_dead_set()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server, "\"retry\":3");

        for (var n = 0; n < 3; n++)
        {
            var failedAt = server.Clock.GetUtcNow();
            (await client.CallAsync("""FAIL {"jid":"12345678"}""")).ShouldBe("+OK");
            var (least, most) = (Math.Pow(n, 4) + 15, Math.Pow(n, 4) + 15 + 29 * (n + 1));
            await server.AdvanceAsync(TimeSpan.FromSeconds(most));
            var failure = Job.Member((await client.CallAsync("FETCH default"))!, "failure");
            failure.GetProperty("retry_count").GetInt32().ShouldBe(n);
            failure.GetProperty("remaining").GetInt32().ShouldBe(3 - n);
            (DateTimeOffset.Parse(failure.GetProperty("next_at").GetString()!, null) - failedAt).TotalSeconds.ShouldBeInRange(least, most);
        }
        (await client.CallAsync("""FAIL {"jid":"12345678"}""")).ShouldBe("+OK");

        (await client.CountAsync("retries")).ShouldBe(0);
        (await client.CountAsync("dead")).ShouldBe(1);
    }

    [Theory]
    [InlineData("\"retry\":0", 0, 0)]
    [InlineData("\"retry\":1", 1, 0)]
    [InlineData("\"retry\":-1", 0, 1)]
    [InlineData("\"retry\":-100", 0, 1)]
    [InlineData("\"retry\":null", 1, 0)]
    [InlineData("\"retry\":99999999999", 1, 0)]
    [InlineData("\"failure\":{\"retry_count\":23,\"remaining\":1}", 1, 0)]
    [InlineData("\"failure\":{\"retry_count\":24,\"remaining\":1}", 0, 1)]
    [InlineData("\"failure\":{\"retry_count\":2147483647,\"remaining\":-2147483648}", 0, 1)]
    [InlineData("\"failure\":{\"retry_count\":-9}", 1, 0)]
    public async Task Retry_says_what_becomes_of_a_failed_job(string retry, int retries, int dead)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server, retry);

        (await client.CallAsync("""FAIL {"jid":"12345678"}""")).ShouldBe("+OK");

        (await client.CountAsync("retries")).ShouldBe(retries);
        (await client.CountAsync("dead")).ShouldBe(dead);
        (await client.CountAsync("working")).ShouldBe(0);
        var faktory = (await client.InfoAsync()).GetProperty("faktory");
        faktory.GetProperty("total_failures").GetInt32().ShouldBe(1);
        faktory.GetProperty("total_processed").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Dead_job_is_forgotten_after_half_a_year()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server, "\"retry\":-1");
        await client.CallAsync("""FAIL {"jid":"12345678"}""");

        await server.AdvanceAsync(TimeSpan.FromDays(180) - TimeSpan.FromSeconds(1));
        (await client.CountAsync("dead")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        (await client.CountAsync("dead")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"jid":"12345678"}""")]
    [InlineData("""{"jid":"12345678","errtype":"","message":"","backtrace":[]}""")]
    [InlineData("""{"jid":"12345678","errtype":null,"message":null,"backtrace":null}""")]
    public async Task What_is_not_said_is_unknown(string argument)
    {
        var failure = await FailureAfterAsync(argument);

        failure.GetProperty("errtype").GetString().ShouldBe("unknown");
        failure.GetProperty("message").GetString().ShouldBe("unknown");
        failure.TryGetProperty("backtrace", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_said_at_length_is_cut()
    {
        var lines = string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"line {i}\""));

        var failure = await FailureAfterAsync($$"""{"jid":"12345678","errtype":"{{new string('e', 101)}}","message":"{{new string('m', 1001)}}","backtrace":[{{lines}}]}""");

        failure.GetProperty("errtype").GetString().ShouldBe(new string('e', 100));
        failure.GetProperty("message").GetString().ShouldBe(new string('m', 1000));
        failure.GetProperty("backtrace").GetArrayLength().ShouldBe(50);
        failure.GetProperty("backtrace")[49].GetString().ShouldBe("line 49");
    }

    [Fact]
    public async Task What_fits_is_not_cut()
    {
        var lines = string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"line {i}\""));

        var failure = await FailureAfterAsync($$"""{"jid":"12345678","errtype":"{{new string('e', 100)}}","message":"{{new string('m', 1000)}}","backtrace":[{{lines}}]}""");

        failure.GetProperty("errtype").GetString().ShouldBe(new string('e', 100));
        failure.GetProperty("message").GetString().ShouldBe(new string('m', 1000));
        failure.GetProperty("backtrace").GetArrayLength().ShouldBe(50);
    }

    [Fact]
    public async Task Characters_are_not_cut_in_two()
    {
        var failure = await FailureAfterAsync($$"""{"jid":"12345678","errtype":"{{new string('e', 99)}}é","message":"{{new string('m', 998)}}😀"}""");

        failure.GetProperty("errtype").GetString().ShouldBe(new string('e', 99));
        failure.GetProperty("message").GetString().ShouldBe(new string('m', 998));
    }

    [Fact]
    public async Task Message_that_its_client_cut_in_the_middle_of_a_character_is_taken()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);

        await client.SendAsync((byte[])[.. """FAIL {"jid":"12345678","message":"caf"""u8, 0xC3, .. "\\ud83d\"}\r\n"u8]);

        (await client.ReadAsync()).ShouldBe("+OK");
        (await client.CountAsync("retries")).ShouldBe(1);
    }

    [Theory]
    [InlineData("{}", "missing JID")]
    [InlineData("""{"jid":""}""", "missing JID")]
    [InlineData("""{"message":"no jid"}""", "missing JID")]
    [InlineData("""{"jid":"unknown-1"}""", "Job not found unknown-1")]
    [InlineData("12345678", "invalid FAIL 12345678")]
    [InlineData("""["12345678"]""", "invalid FAIL [\"12345678\"]")]
    [InlineData("""{"jid":12345678}""", "invalid FAIL {\"jid\":12345678}")]
    [InlineData("""{"jid":"12345678","backtrace":"one"}""", "invalid FAIL {\"jid\":\"12345678\",\"backtrace\":\"one\"}")]
    [InlineData("""{"jid":"12345678","backtrace":[1]}""", "invalid FAIL {\"jid\":\"12345678\",\"backtrace\":[1]}")]
    public async Task What_cannot_be_a_failure_is_refused(string argument, string refusal)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);

        (await client.CallAsync($"FAIL {argument}")).ShouldBe($"-ERR {refusal}");
        (await client.CountAsync("working")).ShouldBe(1);
    }

    [Fact]
    public async Task Second_failure_finds_no_job()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);

        (await client.CallAsync("""FAIL {"jid":"12345678"}""")).ShouldBe("+OK");
        (await client.CallAsync("""FAIL {"jid":"12345678"}""")).ShouldBe("-ERR Job not found 12345678");
    }

    [Fact]
    public async Task Reservation_that_ends_is_a_failure()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);

        await server.AdvanceAsync(TimeSpan.FromSeconds(1800) - TimeSpan.FromTicks(1));
        (await client.CountAsync("working")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromTicks(1));

        (await client.CountAsync("working")).ShouldBe(0);
        (await client.CountAsync("retries")).ShouldBe(1);
        await server.AdvanceAsync(FirstDelayMax);
        var failure = Job.Member((await client.CallAsync("FETCH default"))!, "failure");
        failure.GetProperty("errtype").GetString().ShouldBe("ReservationExpired");
        failure.GetProperty("message").GetString().ShouldBe("Faktory job reservation expired");
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("total_failures").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 1800)]
    [InlineData(1, 60)]
    [InlineData(59, 60)]
    [InlineData(-7, 60)]
    [InlineData(61, 61)]
    [InlineData(86400, 86400)]
    public async Task Reservation_lasts_as_long_as_the_job_asks_and_at_least_a_minute(int asked, int seconds)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server, $"\"reserve_for\":{asked}");

        await server.AdvanceAsync(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        (await client.CountAsync("working")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromTicks(1));
        (await client.CountAsync("working")).ShouldBe(0);
    }

    [Fact]
    public async Task Late_acknowledgement_is_taken_and_the_job_still_retried()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);
        await server.AdvanceAsync(TimeSpan.FromSeconds(1800));

        (await client.CallAsync("""ACK {"jid":"12345678"}""")).ShouldBe("+OK");

        (await client.CountAsync("retries")).ShouldBe(1);
    }

    static async Task<WireClient> FetchedAsync(TestServer server, string more = "")
    {
        var client = await server.ConnectAsync();
        await client.PushAsync("12345678", "default", more);
        (await client.FetchJidAsync()).ShouldBe("12345678");
        return client;
    }

    static async Task<JsonElement> FailureAfterAsync(string argument)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await FetchedAsync(server);
        (await client.CallAsync($"FAIL {argument}")).ShouldBe("+OK");
        await server.AdvanceAsync(FirstDelayMax);
        return Job.Member((await client.CallAsync("FETCH default"))!, "failure");
    }
}
