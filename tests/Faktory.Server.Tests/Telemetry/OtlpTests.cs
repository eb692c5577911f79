using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Faktory.Server.Config;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_are_posted_to_the_collector_round_after_round()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var settings = OtlpSettings.Find(name => name switch
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => $"http://{collector.LocalEndpoint}",
            "OTEL_EXPORTER_OTLP_HEADERS" => "api-key=a%20secret",
            "OTEL_SERVICE_NAME" => "jobs",
            _ => null,
        })!;
        await using var server = await TestServer.StartAsync(options => options with { Otlp = settings });
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "critical");

        for (var round = 0; round < 2; round++)
        {
            await server.AdvanceAsync(settings.Every);
            var (head, body) = await ReceiveAsync(collector);

            head.ShouldStartWith("POST /v1/metrics HTTP/1.0\r\n");
            head.ShouldContain("\r\napi-key: a secret\r\n");
            var resource = body.GetProperty("resourceMetrics")[0];
            resource.GetProperty("resource").GetProperty("attributes")[0].GetRawText().ShouldBe("""{"key":"service.name","value":{"stringValue":"jobs"}}""");
            var metrics = resource.GetProperty("scopeMetrics")[0].GetProperty("metrics").EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!);
            var queue = metrics["faktory_queue_jobs"].GetProperty("gauge").GetProperty("dataPoints")[0];
            queue.GetProperty("asDouble").GetDouble().ShouldBe(1);
            queue.GetProperty("attributes")[0].GetProperty("value").GetProperty("stringValue").GetString().ShouldBe("critical");
            metrics["faktory_jobs_enqueued_total"].GetProperty("sum").GetProperty("isMonotonic").GetBoolean().ShouldBeTrue();
            var sync = metrics["faktory_sync_seconds"].GetProperty("histogram").GetProperty("dataPoints")[0];
            sync.GetProperty("bucketCounts").GetArrayLength().ShouldBe(sync.GetProperty("explicitBounds").GetArrayLength() + 1);
        }
    }

    [Fact]
    public async Task A_collector_that_is_away_harms_nobody()
    {
        var settings = OtlpSettings.Find(name => name == "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" ? "http://127.0.0.1:1/somewhere" : null)!;
        settings.Endpoint.PathAndQuery.ShouldBe("/somewhere");
        await using var server = await TestServer.StartAsync(options => options with { Otlp = settings });
        await using var client = await server.ConnectAsync();

        await server.AdvanceAsync(settings.Every);

        await client.PushAsync("job-00001");
    }

    [Fact]
    public void Without_an_endpoint_nothing_is_sent() => OtlpSettings.Find(_ => null).ShouldBeNull();

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "1")]
    public void Variable_that_cannot_be_used_is_named(string name, string value)
    {
        var refusal = Should.Throw<ConfigurationException>(() =>
            OtlpSettings.Find(asked => asked == name ? value : asked == "OTEL_EXPORTER_OTLP_ENDPOINT" ? "http://localhost:4318" : null));
        refusal.Message.ShouldStartWith(name);
    }

    static async Task<(string Head, JsonElement Body)> ReceiveAsync(TcpListener collector)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        using var connection = await collector.AcceptTcpClientAsync(patience.Token);
        var stream = connection.GetStream();
        var received = new List<byte>();
        var part = new byte[4096];
        while (true)
        {
            received.AddRange(part.AsSpan(0, await stream.ReadAsync(part, patience.Token)));
            var text = Encoding.UTF8.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            if (end < 4)
                continue;
            var length = text[..end].Split("\r\n").Single(l => l.StartsWith("Content-Length: ", StringComparison.Ordinal))["Content-Length: ".Length..];
            if (text.Length - end < int.Parse(length, System.Globalization.CultureInfo.InvariantCulture))
                continue;
            await stream.WriteAsync("HTTP/1.0 200 OK\r\n\r\n{}"u8.ToArray(), patience.Token);
            return (text[..end], JsonElement.Parse(text[end..]));
        }
    }
}
