using System.Text.Json;
using Faktory.Server.Config;
using Faktory.Server.Engine;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

/// <summary>A copy of a server's data goes on where the copy was made: cron entries, too.</summary>
public sealed class CronStandbyTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("skip")]
    [InlineData("once")]
    public async Task From_a_checkpoint_and_the_log_behind_it_each_time_has_its_job_once(string missed)
    {
        await using var server = await StartAsync(missed);
        await PassAsync(server, minutes: 6);
        var copy = await CopyAsync(server);
        // Two more times, which are in the log alone.
        await PassAsync(server, minutes: 10);
        ShipLog(server, copy);
        await TakeOverAsync(server, copy);
        (await TimesAsync(server)).ShouldBe(["03:05", "03:10", "03:15", "03:20"]);

        await PassAsync(server, minutes: 5);
        (await TimesAsync(server)).ShouldBe(["03:05", "03:10", "03:15", "03:20", "03:25"]);
    }

    [Theory]
    [InlineData("skip", new[] { "03:05", "03:10", "03:25" })]
    [InlineData("once", new[] { "03:05", "03:10", "03:22", "03:25" })]
    public async Task From_a_checkpoint_alone_what_came_after_it_was_missed(string missed, string[] expected)
    {
        await using var server = await StartAsync(missed);
        await PassAsync(server, minutes: 7);
        var copy = await CopyAsync(server);
        await PassAsync(server, minutes: 11);
        await TakeOverAsync(server, copy);
        await PassAsync(server, minutes: 4);

        (await TimesAsync(server)).ShouldBe(expected);
    }

    [Fact]
    public async Task Two_that_run_at_once_know_nothing_of_each_other()
    {
        await using var server = await StartAsync("skip");
        var copy = await CopyAsync(server);
        await PassAsync(server, minutes: 1);
        await using var other = await TestServer.StartAsync(o => o with { DataDirectory = copy, Rules = RulesOf("skip") });
        await PassAsync(other, minutes: 1);

        (await TimesAsync(server)).ShouldBe(["03:05"]);
        (await TimesAsync(other)).ShouldBe(["03:05"]);
    }

    // Minute by minute: what comes later than that is missed.
    static async Task PassAsync(TestServer server, int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
            await server.AdvanceAsync(TimeSpan.FromMinutes(1));
    }

    static EngineRules RulesOf(string missed) => EngineRules.Default with
    {
        Cron = CronSettings.Read([new CronSettings { Name = "report", Schedule = "*/5 * * * *", Missed = missed, Job = new CronJobSettings { Type = "Report" } }]),
    };

    static Task<TestServer> StartAsync(string missed) => TestServer.StartAsync(o => o with { Rules = RulesOf(missed) });

    async Task<string> CopyAsync(TestServer server)
    {
        var data = _folder["copy"];
        Directory.CreateDirectory(data);
        (await server.Engine.CallAsync(engine => Checkpoint.Take(engine, Path.Combine(data, "main")))).Failure.ShouldBeNull();
        return data;
    }

    // What was written since goes behind the checkpoint, as it stands in the log.
    static void ShipLog(TestServer server, string copy)
    {
        foreach (var log in Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "main"), "*.log"))
            File.Copy(log, Path.Combine(copy, "main", Path.GetFileName(log)), overwrite: true);
    }

    // The first one is gone for good; the second starts on the copy, at the time it is by now.
    static Task TakeOverAsync(TestServer server, string copy) => server.RestartAsync(() =>
    {
        Directory.Delete(Path.Combine(server.DataDirectory, "main"), recursive: true);
        Directory.Move(Path.Combine(copy, "main"), Path.Combine(server.DataDirectory, "main"));
    });

    static async Task<List<string>> TimesAsync(TestServer server) => await server.Engine.CallAsync(engine => engine.Queues.Find("default")!.Read(0, 0, 100)
        .ConvertAll(job => JsonElement.Parse(job.Record.Json.Span).GetProperty("created_at").GetString()![11..16]));
}
