using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Config;

public sealed class LimitSettingsTests
{
    [Fact]
    public void What_is_not_named_keeps_its_default()
    {
        new LimitSettings().Apply(new ServerLimits()).ShouldBe(new ServerLimits());
        new LimitSettings().Apply(EngineLimits.Default).ShouldBe(EngineLimits.Default);
    }

    [Fact]
    public void Each_has_its_name()
    {
        var settings = LimitSettings.Parse(
            ["connections_max=11", "handshakes_max=12", "line_bytes_max=13", "requests_per_second_max=14", "password_tries_per_minute_max=15",
             "jid_bytes_max=16", "queue_name_bytes_max=17", "json_depth_max=18", "queues_max=19", "dead_jobs_max=21", "storage_bytes_max=20000000000"]);

        settings.Check();
        var server = settings.Apply(new ServerLimits());
        (server.ConnectionsMax, server.HandshakesMax, server.LineBytesMax, server.RequestsPerSecondMax, server.PasswordTriesPerMinuteMax).ShouldBe((11, 12, 13, 14, 15));
        (server.Jobs.JidBytesMax, server.Jobs.QueueNameBytesMax, server.Jobs.JsonDepthMax).ShouldBe((16, 17, 18));
        var engine = settings.Apply(EngineLimits.Default);
        (engine.QueuesMax, engine.DeadJobsMax, engine.StorageBytesMax).ShouldBe((19, 21, 20_000_000_000));
    }

    [Theory]
    [InlineData("connections_max", "the limit \"connections_max\" is not name=value, with a number")]
    [InlineData("connections_max=many", "the limit \"connections_max=many\" is not name=value, with a number")]
    [InlineData("connections_max=-1", "the limit \"connections_max=-1\" is not name=value, with a number")]
    [InlineData("conections_max=1", "there is no limit conections_max: connections_max, ")]
    [InlineData("connections_max=99999999999", "a limit is too large: ")]
    public void What_is_no_limit_is_refused(string assignment, string refusal) =>
        Should.Throw<ConfigurationException>(() => LimitSettings.Parse([assignment])).Message.ShouldStartWith(refusal);

    [Theory]
    [InlineData("connections_max", 1, int.MaxValue)]
    [InlineData("jid_bytes_max", 8, 10_000)]
    [InlineData("queue_name_bytes_max", 7, 1000)]
    [InlineData("json_depth_max", 2, 1000)]
    [InlineData("line_bytes_max", 1, 1 << 30)]
    public void Each_has_bounds_of_its_own(string name, long min, long max)
    {
        LimitSettings.Parse([$"{name}={min}"]).Check();
        LimitSettings.Parse([$"{name}={max}"]).Check();
        Should.Throw<ConfigurationException>(() => LimitSettings.Parse([$"{name}={min - 1}"]).Check()).Message.ShouldBe($"the limit {name} must be {min} to {max}, and is {min - 1}");
        if (max < int.MaxValue)
            Should.Throw<ConfigurationException>(() => LimitSettings.Parse([$"{name}={max + 1}"]).Check());
    }

    [Fact]
    public async Task Files_set_them_flags_come_first_and_a_reload_is_followed()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["config/conf.d"]);
        var file = folder["config/conf.d/limits.toml"];
        await File.WriteAllTextAsync(file, "[limits]\njid_bytes_max = 9\nqueues_max = 1");
        await using var server = await ServerProcess.StartAsync(
            [ServerProcess.Program, "-b", "127.0.0.1:0", "-w", ":0", "-d", folder["data"], "-c", folder["config"], "--limit", "queue_name_bytes_max=8", "--limit", "jid_bytes_max=10"], []);
        await using var client = await server.ConnectAsync();
        (await client.CallAsync($"PUSH {Job.Json("12345678901")}")).ShouldBe("-ERR jobs must have a jid of at most 10 bytes");
        (await client.CallAsync($"PUSH {Job.Json("1234567890", "ninebytes")}")).ShouldBe("-ERR queue names must have at most 8 bytes");
        await client.PushAsync("1234567890");
        (await client.CallAsync($"PUSH {Job.Json("1234567890", "second")}"))!.ShouldContain("there are 1 queues already, which is the limit");

        await File.WriteAllTextAsync(file, "[limits]\nqueues_max = 2");
        await server.SignalAsync("HUP");

        for (var answer = ""; answer != "+OK";)
            answer = await client.CallAsync($"PUSH {Job.Json("1234567890", "second")}");
        (await client.CallAsync($"PUSH {Job.Json("1234567890", "third")}"))!.ShouldContain("there are 2 queues already, which is the limit");
    }
}
