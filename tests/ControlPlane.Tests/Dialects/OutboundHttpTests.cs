using ControlPlane.Core.Outbound;

namespace ControlPlane.Tests.Dialects;

public sealed class OutboundHttpTests
{
    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("https://example.com:8080/")]
    [InlineData("https://user@example.com/")]
    [InlineData("ftp://example.com/")]
    public void An_address_that_is_not_plainly_https_is_not_called(string address) => OutboundHttp.MayCall(new Uri(address), new OutboundOptions()).ShouldBeFalse();

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]:8443/")]
    [InlineData("https://localhost/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("http://127.0.0.1/")]
    public async Task What_leads_to_our_own_networks_is_refused_before_anything_is_sent(string address)
    {
        using var http = new HttpClient(OutboundHttp.CreateHandler(new OutboundOptions()));

        var error = await http.GetAsync(new Uri(address)).ShouldThrowAsync<HttpRequestException>();

        (error as OutboundRefusedException ?? error.InnerException as OutboundRefusedException).ShouldNotBeNull(error.ToString());
    }
}
