using System.Text.Json;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class TrackingTests
{
    const string Tracked = "\"custom\":{\"track\":1}";

    [Fact]
    public async Task It_tells_where_a_job_is_from_push_to_success()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Tracked);
        (await StateAsync(client)).ShouldBe("enqueued");
        await client.FetchJidAsync();
        (await StateAsync(client)).ShouldBe("working");
        await client.CallAsync("""ACK {"jid":"job-00001"}""");
        (await StateAsync(client)).ShouldBe("success");
    }

    [Fact]
    public async Task It_tells_of_failures_and_of_death()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: $"\"retry\":1,{Tracked}");
        await client.FetchJidAsync();
        await client.CallAsync("""FAIL {"jid":"job-00001"}""");
        (await StateAsync(client)).ShouldBe("failed");
        await client.CallAsync("""MUTATE {"cmd":"requeue","target":"retries"}""");
        (await StateAsync(client)).ShouldBe("enqueued");
        await client.FetchJidAsync();
        await client.CallAsync("""FAIL {"jid":"job-00001"}""");
        (await StateAsync(client)).ShouldBe("dead");
    }

    [Fact]
    public async Task Progress_keeps_what_was_last_said_also_after_success_and_across_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Tracked);
        await client.FetchJidAsync();
        (await client.CallAsync("""TRACK SET {"jid":"job-00001","percent":40,"desc":"reading"}""")).ShouldBe("+OK");
        (await client.CallAsync("""TRACK SET {"jid":"job-00001","percent":60}""")).ShouldBe("+OK");
        await client.CallAsync("""ACK {"jid":"job-00001"}""");
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();
        (await again.CallAsync("""TRACK SET {"jid":"job-00001","desc":"done"}""")).ShouldBe("+OK");

        var known = JsonDocument.Parse((await again.CallAsync("TRACK GET job-00001"))!).RootElement;
        known.GetProperty("percent").GetInt32().ShouldBe(60);
        known.GetProperty("desc").GetString().ShouldBe("done");
        known.GetProperty("state").GetString().ShouldBe("success");
        known.GetProperty("updated_at").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(TestServer.StartedAt);
    }

    [Fact]
    public async Task What_is_not_tracked_is_unknown()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");

        (await client.CallAsync("TRACK GET job-00001")).ShouldBe("""{"jid":"job-00001","state":"unknown","updated_at":""}""");
    }

    [Fact]
    public async Task It_is_kept_for_half_an_hour_after_the_last_change()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Tracked);

        await server.AdvanceAsync(TimeSpan.FromMinutes(29.9));
        (await StateAsync(client)).ShouldBe("enqueued");
        await server.AdvanceAsync(TimeSpan.FromMinutes(0.1));
        (await StateAsync(client)).ShouldBe("unknown");
    }

    [Fact]
    public async Task A_reservation_is_extended_and_never_shortened_also_across_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"reserve_for\":600");
        await client.FetchJidAsync();
        await ReserveUntilAsync(client, TimeSpan.FromSeconds(60));
        await server.AdvanceAsync(TimeSpan.FromSeconds(500));
        (await client.CountAsync("working")).ShouldBe(1);
        await ReserveUntilAsync(client, TimeSpan.FromSeconds(1200));
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(690));
        (await again.CountAsync("working")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromSeconds(20));
        await server.UntilAsync(e => e.Retries.Count == 1);
    }

    [Fact]
    public async Task Each_change_starts_the_half_hour_anew()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: Tracked);
        await client.FetchJidAsync();
        foreach (var percent in (int[])[1, 2])
        {
            await server.AdvanceAsync(TimeSpan.FromMinutes(29));
            (await client.CallAsync($$"""TRACK SET {"jid":"job-00001","percent":{{percent}} }""")).ShouldBe("+OK");
        }
        await server.AdvanceAsync(TimeSpan.FromMinutes(29));
        (await client.CallAsync("TRACK GET job-00001")).ShouldNotBeNull().ShouldContain("\"percent\":2");
    }

    [Fact]
    public async Task A_reservation_is_extended_by_a_day_at_most()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.FetchJidAsync();
        await ReserveUntilAsync(client, TimeSpan.FromDays(3));

        await server.AdvanceAsync(TimeSpan.FromHours(23.9));
        (await client.CountAsync("working")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromHours(0.2));
        await server.UntilAsync(e => e.Reservations.Count == 0);
    }

    [Theory]
    [InlineData("""TRACK SET {"jid":"job-00001","reserve_until":"tomorrow"}""", "-ERR invalid timestamp for 'reserve_until': tomorrow")]
    [InlineData("TRACK", "-ERR no such TRACK subcommand: ")]
    [InlineData("TRACK GET", "-ERR TRACK GET needs the jid of a job")]
    [InlineData("TRACK SET {}", "-ERR missing JID")]
    [InlineData("""TRACK SET {"jid":"job-00001","percent":101}""", "-ERR percent must be from 0 to 100")]
    public async Task What_makes_no_sense_is_refused_with_the_reason(string line, string answer)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe(answer);
    }

    static async Task ReserveUntilAsync(WireClient client, TimeSpan afterStart) =>
        (await client.CallAsync($$"""TRACK SET {"jid":"job-00001","reserve_until":"{{TestServer.StartedAt + afterStart:O}}"}""")).ShouldBe("+OK");

    static async Task<string?> StateAsync(WireClient client) =>
        JsonDocument.Parse((await client.CallAsync("TRACK GET job-00001"))!).RootElement.GetProperty("state").GetString();
}
