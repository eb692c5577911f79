using ControlPlane.Web.Account;

namespace ControlPlane.Tests.Portal;

public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/instances/ins_1?tab=x")]
    [InlineData("/")]
    public void A_path_on_this_host_is_taken(string path) => LocalPath.Of(path).ShouldBe(path);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("instances")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("https://evil.example")]
    public void Nobody_is_led_to_another_host_after_signing_in(string? path) => LocalPath.Of(path).ShouldBeNull();
}
