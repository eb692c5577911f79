using System.Security.Cryptography.X509Certificates;
using Faktory.Client;
using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Client;

public sealed class FaktoryTlsTests(TlsServerFixture fixture) : IClassFixture<TlsServerFixture>
{
    FaktoryClientOptions Trusting => fixture.Server.Options with { TlsAuthorities = new X509Certificate2Collection(fixture.Certificate.Authority) };

    [Fact]
    public async Task Authority_of_ones_own_is_trusted_when_named()
    {
        await using var producer = new FaktoryProducer(Trusting);

        await producer.PushAsync(FaktoryJob.Create("Secure"));

        (await producer.InfoAsync()).TotalEnqueued.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Name_of_the_certificate_may_differ_from_the_host_when_named()
    {
        await using var connection = await FaktoryConnection.OpenAsync(Trusting with { TlsServerName = TestCertificate.Name });

        connection.IsUsable.ShouldBeTrue();
    }

    [Fact]
    public async Task Unknown_authority_is_refused() =>
        await Should.ThrowAsync<FaktoryTlsException>(() => FaktoryConnection.OpenAsync(fixture.Server.Options));

    [Fact]
    public async Task Certificate_of_another_name_is_refused() =>
        await Should.ThrowAsync<FaktoryTlsException>(() => FaktoryConnection.OpenAsync(Trusting with { TlsServerName = "other.example.com" }));

    [Fact]
    public async Task Worker_works_over_tls()
    {
        await using var producer = new FaktoryProducer(Trusting);
        using var stop = new CancellationTokenSource();
        var worker = new FaktoryWorker(Trusting, new FaktoryWorkerOptions { Queues = FaktoryQueues.Strict("tls-worker") })
            .Register("Secure", (_, _) => stop.CancelAsync());

        await producer.PushAsync(FaktoryJob.Create("Secure") with { Queue = "tls-worker" });
        await worker.RunAsync(stop.Token);

        (await producer.InfoAsync()).TotalProcessed.ShouldBe(1);
    }
}
