using System.Text;
using System.Text.RegularExpressions;

namespace Faktory.Server.Tests.Admin;

public sealed class FiguresTests
{
    [Fact]
    public async Task Stats_show_every_kind_of_job()
    {
        await using var admin = await AdminServer.StartAsync();
        await BackupTests.FillAsync(await admin.ConnectAsync());
        var stats = await admin.StatsAsync();
        stats.GetProperty("queues").GetRawText().ShouldBe("""{"default":2,"dying":0}""");
        foreach (var (name, count) in new[]
        {
            ("queued", 2), ("scheduled", 1), ("retries", 1), ("dead", 1), ("working", 1),
            ("total_enqueued", 5), ("total_processed", 2), ("total_failures", 2), ("connections", 1), ("generation", 3),
        })
            stats.GetProperty(name).GetInt32().ShouldBe(count, name);
        stats.GetProperty("at").GetDateTimeOffset().ShouldBe(Hosting.TestServer.StartedAt);
        stats.GetProperty("memory_bytes").GetInt64().ShouldBeGreaterThan(0);
        stats.GetProperty("storage_bytes").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Metrics_are_text_that_Prometheus_reads()
    {
        await using var admin = await AdminServer.StartAsync();
        await BackupTests.FillAsync(await admin.ConnectAsync());
        var lines = Encoding.UTF8.GetString(await admin.DownloadAsync("/metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain("faktory_ready 1");
        lines.ShouldContain("faktory_queue_jobs{queue=\"default\"} 2");
        lines.ShouldContain("faktory_working_jobs 1");
        lines.ShouldContain("faktory_jobs_failed_total 2");
        var samples = lines.Where(l => !l.StartsWith('#')).Select(l => Regex.Replace(l.Split(' ', '{')[0], "_(bucket|sum|count)$", "")).Distinct().ToArray();
        foreach (var name in samples)
            lines.ShouldContain(l => l.StartsWith($"# TYPE {name} ", StringComparison.Ordinal));
    }
}
