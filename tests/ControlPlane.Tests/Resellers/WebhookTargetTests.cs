using System.Net;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.Extensions.Options;
using Provisioner.Webhooks;

namespace ControlPlane.Tests.Resellers;

public sealed class WebhookTargetTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.7")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::a9fe:a9fe")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456:789a::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void An_address_that_only_we_could_reach_is_not_public(string address) => WebhookTargets.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("100.63.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.169.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450::1")]
    public void An_address_of_the_internet_is_public(string address) => WebhookTargets.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("https://hooks.example.com/x", true)]
    [InlineData("https://hooks.example.com:8443/x", true)]
    [InlineData("http://hooks.example.com/x", false)]
    [InlineData("https://hooks.example.com:22/", false)]
    [InlineData("https://user:secret@hooks.example.com/", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://intern.localhost/", false)]
    [InlineData("https://database/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://127.1/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f000001/", false)]
    [InlineData("https://0177.0.0.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::ffff:127.0.0.1]/", false)]
    [InlineData("https://[fe80::1%25eth0]/", false)]
    [InlineData("https://169.254.169.254/latest", false)]
    [InlineData("https://8.8.8.8/", true)]
    [InlineData("ftp://hooks.example.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("//hooks.example.com/", false)]
    [InlineData("", false)]
    public void Only_https_to_a_public_host_is_acceptable(string url, bool isAcceptable) => WebhookTargets.IsAcceptable(url, new WebhookOptions()).ShouldBe(isAcceptable);

    [Fact]
    public async Task A_name_that_leads_to_us_is_not_connected_to_however_often_it_changes()
    {
        await using var receiver = await Receiver.StartAsync();
        using var sender = new WebhookSender(Options.Create(new WebhookOptions()), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1"), IPAddress.Loopback]));

        var result = await sender.TrySendAsync(new Uri($"http://rebinding.example.com:{receiver.Port}/"), "dlv_1", "{}", "t=1,v1=x", CancellationToken.None);

        result!.Error.ShouldBe("The endpoint could not be reached: The host is not one of the public internet.");
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Redirect("http://169.254.169.254/");
            return Task.CompletedTask;
        };
        using var sender = new WebhookSender(Options.Create(Receiver.Allowed), Dns.GetHostAddressesAsync);

        var result = await sender.TrySendAsync(receiver.Url, "dlv_1", "{}", "t=1,v1=x", CancellationToken.None);

        result.ShouldBe(new SendResult(302, "The endpoint answered 302."));
    }

    [Fact]
    public async Task A_third_delivery_waits_while_two_are_slow()
    {
        await using var receiver = await Receiver.StartAsync();
        var (release, began) = (new TaskCompletionSource(), new SemaphoreSlim(0));
        receiver.Answer = async _ =>
        {
            began.Release();
            await release.Task;
        };
        using var sender = new WebhookSender(Options.Create(Receiver.Allowed), Dns.GetHostAddressesAsync);
        var slow = Enumerable.Range(0, WebhookSender.AtOnceMax).Select(i => sender.TrySendAsync(receiver.Url, $"dlv_{i}", "{}", "t=1,v1=x", CancellationToken.None)).ToList();
        await began.WaitAsync();
        await began.WaitAsync();

        (await sender.TrySendAsync(receiver.Url, "dlv_9", "{}", "t=1,v1=x", CancellationToken.None)).ShouldBeNull();

        release.SetResult();
        (await Task.WhenAll(slow)).ShouldAllBe(r => r!.Error == null);
        (await sender.TrySendAsync(receiver.Url, "dlv_9", "{}", "t=1,v1=x", CancellationToken.None))!.Status.ShouldBe(200);
    }

    [Fact]
    public void A_signature_is_valid_with_either_secret_and_not_for_long()
    {
        var now = new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var header = WebhookSignature.Sign("{\"a\":1}", now, "new", "old");

        WebhookSignature.IsValid(header, "{\"a\":1}", "new", now).ShouldBeTrue();
        WebhookSignature.IsValid(header, "{\"a\":1}", "old", now.AddSeconds(300)).ShouldBeTrue();
        WebhookSignature.IsValid(header, "{\"a\":1}", "new", now.AddSeconds(301)).ShouldBeFalse();
        WebhookSignature.IsValid(header, "{\"a\":2}", "new", now).ShouldBeFalse();
        WebhookSignature.IsValid(header, "{\"a\":1}", "other", now).ShouldBeFalse();
    }
}
