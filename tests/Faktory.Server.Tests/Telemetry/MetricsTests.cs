using Faktory.Server.Telemetry;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Waiting_and_working_are_timed_and_traffic_is_counted()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.PushAsync("job-00002");
        await server.AdvanceAsync(TimeSpan.FromSeconds(5));
        (await client.FetchJidAsync()).ShouldBe("job-00001");
        await server.AdvanceAsync(TimeSpan.FromSeconds(2));
        (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");

        var lines = PrometheusText.Write(await MetricsSnapshot.TakeAsync(server.State)).Split('\n');

        lines.ShouldContain("faktory_queue_latency_seconds{queue=\"default\"} 7");
        lines.ShouldContain("faktory_job_latency_seconds_bucket{le=\"1\"} 0");
        lines.ShouldContain("faktory_job_latency_seconds_bucket{le=\"10\"} 1");
        lines.ShouldContain("faktory_job_latency_seconds_bucket{le=\"+Inf\"} 1");
        lines.ShouldContain("faktory_job_latency_seconds_sum 5");
        lines.ShouldContain("faktory_job_perform_seconds_sum 2");
        lines.ShouldContain("faktory_commands_total 4");
        Value(lines, "faktory_sync_seconds_count").ShouldBeGreaterThanOrEqualTo(3);
        Value(lines, "faktory_received_bytes_total").ShouldBe(2 * $"PUSH {Job.Json("job-00001")}\r\n".Length + "FETCH default\r\n".Length + "ACK {\"jid\":\"job-00001\"}\r\n".Length);
        Value(lines, "faktory_sent_bytes_total").ShouldBeGreaterThan(Job.Json("job-00001").Length + 3 * "+OK\r\n".Length);
        Value(lines, "faktory_rocksdb_memtable_bytes").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_failed_job_was_worked_on_too()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.FetchJidAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(3));
        (await client.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("+OK");

        PrometheusText.Write(await MetricsSnapshot.TakeAsync(server.State)).Split('\n').ShouldContain("faktory_job_perform_seconds_sum 3");
    }

    static double Value(string[] lines, string name) =>
        double.Parse(lines.Single(l => l.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
