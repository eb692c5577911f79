using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class TlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Commands_are_served_over_tls(SslProtocols version)
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path });
        await using var client = await ConnectAsync(server, certificate, version);

        await client.PushAsync("12345678");
        (await client.FetchJidAsync()).ShouldBe("12345678");

        ((SslStream)client.Stream).SslProtocol.ShouldBe(version);
    }

    [Fact]
    public async Task Certificate_that_another_program_renews_is_served_without_a_signal()
    {
        using var config = new TestFolder();
        using var first = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path });
        await using var before = await ConnectAsync(server, first);

        // Half of a renewal: the old pair stays.
        await File.WriteAllTextAsync(config["private.key.pem"], "not a key");
        await server.AdvanceAsync(CommandTls.LookEvery);
        await using var meanwhile = await ConnectAsync(server, first);

        using var second = TestCertificate.Write(config.Path);
        await server.AdvanceAsync(CommandTls.LookEvery);
        await using var after = await ConnectAsync(server, second);

        await before.PushAsync("12345678");
        (await after.FetchJidAsync()).ShouldBe("12345678");
    }

    [Fact]
    public async Task Client_that_knows_nothing_of_tls_gets_no_greeting()
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path });
        await using var client = await server.DialAsync();

        await client.SendAsync("HELLO {\"v\":2}\r\n");

        (await client.ReadToEndAsync()).ShouldNotContain("+");
    }

    [Fact]
    public async Task Tls_before_version_1_2_is_refused()
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path });
        await using var client = await server.DialAsync();

        await client.SendAsync(ClientHelloOfTls11());

        // Alert: fatal, protocol_version.
        (await client.ReadBytesAsync(7)).ShouldBe((byte[])[0x15, 0x03, 0x02, 0x00, 0x02, 0x02, 0x46]);
    }

    [Fact]
    public async Task Client_that_hangs_up_while_it_waits_takes_no_job_with_it()
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path });
        await using var producer = await ConnectAsync(server, certificate);
        await using (var worker = await ConnectAsync(server, certificate))
        {
            await worker.SendAsync("FETCH default\r\n");
            await server.UntilWaitingAsync();
        }
        await server.UntilWaitingAsync(0);

        await producer.PushAsync("12345678");

        (await producer.QueueSizeAsync("default")).ShouldBe(1);
    }

    [Fact]
    public async Task New_certificate_is_followed_without_a_restart()
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path });
        await using var early = await ConnectAsync(server, certificate);

        using var next = TestCertificate.Write(config.Path);
        server.Reload();

        await using var late = await ConnectAsync(server, next);
        (await late.CallAsync("FLUSH")).ShouldBe("+OK");
        (await early.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Certificate_that_cannot_be_used_changes_nothing()
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path });
        await File.WriteAllTextAsync(config["public.cert.pem"], "half a file");

        Should.Throw<ConfigurationException>(server.Reload).Message.ShouldContain("public.cert.pem");

        await using var client = await ConnectAsync(server, certificate);
        (await client.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData("public.cert.pem")]
    [InlineData("private.key.pem")]
    public async Task Half_a_pair_does_not_start_a_server_without_tls(string missing)
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        File.Delete(config[missing]);

        (await Should.ThrowAsync<ConfigurationException>(TestServer.StartAsync(o => o with { ConfigDirectory = config.Path })))
            .Message.ShouldContain(missing);
    }

    [Fact]
    public async Task Key_of_another_certificate_does_not_start_a_server()
    {
        using var config = new TestFolder();
        using var other = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        using var another = TestCertificate.Write(other.Path);
        File.Copy(other["private.key.pem"], config["private.key.pem"], overwrite: true);

        await Should.ThrowAsync<ConfigurationException>(TestServer.StartAsync(o => o with { ConfigDirectory = config.Path }));
    }

    static async Task<WireClient> ConnectAsync(TestServer server, X509Certificate2 trusted, SslProtocols version = SslProtocols.None)
    {
        var client = await (await server.DialAsync()).SecureAsync(trusted, version);
        (await client.ReadLineAsync()).ShouldBe("+HI {\"v\":2}");
        (await client.CallAsync("HELLO {\"v\":2}")).ShouldBe("+OK");
        return client;
    }

    // record(handshake, 3.1) { client_hello(1) 3.2, random, no session, one suite, no compression }
    static byte[] ClientHelloOfTls11()
    {
        byte[] body = [0x03, 0x02, .. Enumerable.Repeat((byte)7, 32), 0x00, 0x00, 0x02, 0xC0, 0x09, 0x01, 0x00];
        return [0x16, 0x03, 0x01, 0x00, (byte)(body.Length + 4), 0x01, 0x00, 0x00, (byte)body.Length, .. body];
    }
}
