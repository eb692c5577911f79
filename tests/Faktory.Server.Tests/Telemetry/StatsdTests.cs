using System.Net;
using System.Net.Sockets;
using System.Text;
using Faktory.Server.Config;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Telemetry;

public sealed class StatsdTests : IDisposable
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    readonly UdpClient _collector = new(new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose() => _collector.Dispose();

    [Fact]
    public async Task Metrics_are_sent_with_namespace_and_tags_a_few_to_a_packet()
    {
        await using var server = await StartAsync(new StatsdSettings { Namespace = "jobs.", Tags = ["env:test"], BufferSize = 4, QueueLatency = ["slow"] });
        await using var client = await server.ConnectAsync();
        foreach (var queue in (string[])["default", "slow"])
            await client.PushAsync($"job-{queue}", queue);
        await client.FetchJidAsync();
        await client.CallAsync("""ACK {"jid":"job-default"}""");

        await server.AdvanceAsync(Every);
        var packets = await ReceiveUntilAsync("storage.bytes");

        packets.ShouldAllBe(p => p.Split('\n', StringSplitOptions.None).Length <= 4);
        var lines = packets.SelectMany(p => p.Split('\n')).ToArray();
        lines.ShouldContain("jobs.enqueued:2|g|#env:test");
        lines.ShouldContain("jobs.processed:1|g|#env:test");
        lines.ShouldContain("jobs.connections:1|g|#env:test");
        lines.ShouldContain("jobs.queue.size:1|g|#env:test,queue:slow");
        lines.ShouldContain("jobs.queue.latency:30|g|#env:test,queue:slow");
        lines.ShouldNotContain(l => l.StartsWith("jobs.queue.latency", StringComparison.Ordinal) && l.Contains("queue:default", StringComparison.Ordinal));
        lines.ShouldContain("jobs.jobs.perform:0|ms|#env:test");
    }

    [Fact]
    public async Task Timings_are_the_mean_since_the_last_round_with_the_rate_that_gives_their_number()
    {
        await using var server = await StartAsync(new StatsdSettings());
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 4; i++)
        {
            await client.PushAsync($"job-{i:d5}");
            await client.FetchJidAsync();
            await client.CallAsync($$"""ACK {"jid":"job-{{i:d5}}"}""");
        }

        await server.AdvanceAsync(Every);
        (await ReceiveUntilAsync("storage.bytes")).ShouldContain(p => p.Contains("faktory.jobs.perform:0|ms|@0.25", StringComparison.Ordinal));
        await server.AdvanceAsync(Every);
        (await ReceiveUntilAsync("storage.bytes")).ShouldNotContain(p => p.Contains("jobs.perform", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reading_the_configuration_again_changes_where_they_go()
    {
        await using var server = await StartAsync(new StatsdSettings { Namespace = "old." });
        using var elsewhere = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));

        server.Host.Reload(new ServerOptions
        {
            DataDirectory = server.DataDirectory,
            Statsd = new StatsdSettings { Namespace = "new.", Location = elsewhere.Client.LocalEndPoint!.ToString() },
        });
        await server.AdvanceAsync(Every);

        using var patience = new CancellationTokenSource(Patience.Limit);
        Encoding.UTF8.GetString((await elsewhere.ReceiveAsync(patience.Token)).Buffer).ShouldStartWith("new.");
        _collector.Available.ShouldBe(0);
    }

    [Theory]
    [InlineData("DD_DOGSTATSD_URL", "udp://10.0.0.1:8125", "10.0.0.1:8125")]
    [InlineData("DD_AGENT_HOST", "10.0.0.2", "10.0.0.2:8125")]
    [InlineData("OTHER", "10.0.0.2", null)]
    public void Without_a_table_the_variables_of_the_agent_count(string name, string value, string? location) =>
        StatsdSettings.Find(null, asked => asked == name ? value : null)?.Location.ShouldBe(location);

    [Theory]
    [InlineData("unix:///var/run/dsd.socket")]
    [InlineData("udp://localhost")]
    public void Address_that_cannot_be_used_is_refused(string url) =>
        Should.Throw<ConfigurationException>(() => StatsdSettings.Find(null, asked => asked == "DD_DOGSTATSD_URL" ? url : null));

    [Fact]
    public void Table_needs_a_location() =>
        Should.Throw<ConfigurationException>(() => StatsdSettings.Find(new StatsdSettings(), _ => null)).Message.ShouldContain("location");

    Task<TestServer> StartAsync(StatsdSettings settings)
    {
        settings.Location = _collector.Client.LocalEndPoint!.ToString();
        return TestServer.StartAsync(options => options with { Statsd = settings });
    }

    async Task<List<string>> ReceiveUntilAsync(string last)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var packets = new List<string>();
        do
            packets.Add(Encoding.UTF8.GetString((await _collector.ReceiveAsync(patience.Token)).Buffer));
        while (!packets[^1].Contains(last, StringComparison.Ordinal));
        return packets;
    }
}
