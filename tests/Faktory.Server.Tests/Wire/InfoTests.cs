using System.Globalization;
using System.Text.Json;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class InfoTests
{
    [Fact]
    public async Task It_has_exactly_the_members_that_clients_know()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        var info = await client.InfoAsync();

        Names(info).ShouldBe(["faktory", "now", "server", "server_utc_time"]);
        Names(info.GetProperty("faktory")).ShouldBe(
            ["queues", "sets", "tasks", "total_enqueued", "total_failures", "total_processed", "total_queues"]);
        Names(info.GetProperty("faktory").GetProperty("sets")).ShouldBe(["dead", "retries", "scheduled", "working"]);
        var tasks = info.GetProperty("faktory").GetProperty("tasks");
        Names(tasks).ShouldBe(["Busy", "Dead", "Retries", "Scheduled", "Workers"]);
        foreach (var scanner in (string[])["Dead", "Retries", "Scheduled"])
            Names(tasks.GetProperty(scanner)).ShouldBe(["cycles", "enqueued", "size", "wall_time_sec"]);
        foreach (var reaper in (string[])["Busy", "Workers"])
            Names(tasks.GetProperty(reaper)).ShouldBe(["reaped", "size"]);
        Names(info.GetProperty("server")).ShouldBe(["command_count", "connections", "description", "faktory_version", "uptime", "used_memory_mb"]);
    }

    [Fact]
    public async Task Times_are_those_of_the_server_in_utc()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await server.AdvanceAsync(TimeSpan.FromTicks(15_000_000));

        var info = await client.InfoAsync();

        info.GetProperty("now").GetString().ShouldBe("2026-01-02T03:04:06.5Z");
        info.GetProperty("server_utc_time").GetString().ShouldBe("03:04:06 UTC");
        info.GetProperty("server").GetProperty("uptime").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Version_is_one_that_clients_take_for_a_current_faktory()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        var about = (await client.InfoAsync()).GetProperty("server");

        about.GetProperty("description").GetString().ShouldBe("Faktory Enterprise");
        var version = about.GetProperty("faktory_version").GetString()!.Split('.').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        version.Length.ShouldBe(3);
        version[0].ShouldBe(1);
        version[1].ShouldBeGreaterThanOrEqualTo(8);
        about.GetProperty("used_memory_mb").GetInt64().ShouldBePositive();
    }

    [Fact]
    public async Task Jobs_are_counted_where_they_are()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectWorkerAsync("wid-1");
        for (var i = 0; i < 3; i++)
            await client.PushAsync($"job-0000{i}", "one");
        await client.PushAsync("job-00003", "two");
        await client.PushAsync("job-00004", "two", "\"at\":\"2027-01-01T00:00:00Z\"");
        await client.FetchJidAsync("one");
        await client.FetchJidAsync("one");
        await client.CallAsync("""FAIL {"jid":"job-00000"}""");

        var faktory = (await client.InfoAsync()).GetProperty("faktory");

        faktory.GetProperty("queues").GetRawText().ShouldBe("""{"one":1,"two":1}""");
        faktory.GetProperty("sets").GetRawText().ShouldBe("""{"dead":0,"retries":1,"scheduled":1,"working":1}""");
        faktory.GetProperty("total_enqueued").GetInt32().ShouldBe(2);
        faktory.GetProperty("total_failures").GetInt32().ShouldBe(1);
        faktory.GetProperty("total_processed").GetInt32().ShouldBe(1);
        faktory.GetProperty("total_queues").GetInt32().ShouldBe(2);
        var tasks = faktory.GetProperty("tasks");
        tasks.GetProperty("Retries").GetProperty("size").GetInt32().ShouldBe(1);
        tasks.GetProperty("Scheduled").GetProperty("size").GetInt32().ShouldBe(1);
        tasks.GetProperty("Busy").GetProperty("size").GetInt32().ShouldBe(1);
        tasks.GetProperty("Workers").GetProperty("size").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Connections_and_commands_are_counted()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        await client.CallAsync("QUEUE LATENCY");
        await client.CallAsync("QUEUE LATENCY");

        var about = (await other.InfoAsync()).GetProperty("server");

        about.GetProperty("connections").GetInt32().ShouldBe(2);
        about.GetProperty("command_count").GetInt32().ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task What_timers_did_is_counted()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "default", "\"at\":\"2026-01-02T03:04:06Z\"");
        await client.PushAsync("job-00002", "busy", "\"reserve_for\":60");
        await client.FetchJidAsync("busy");

        await server.AdvanceAsync(TimeSpan.FromMinutes(1));

        var tasks = (await client.InfoAsync()).GetProperty("faktory").GetProperty("tasks");
        tasks.GetProperty("Scheduled").GetProperty("enqueued").GetInt32().ShouldBe(1);
        tasks.GetProperty("Scheduled").GetProperty("cycles").GetInt32().ShouldBePositive();
        tasks.GetProperty("Busy").GetProperty("reaped").GetInt32().ShouldBe(1);
    }

    static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal);
}
