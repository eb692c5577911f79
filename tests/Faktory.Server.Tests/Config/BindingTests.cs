using Faktory.Server.Config;

namespace Faktory.Server.Tests.Config;

public sealed class BindingTests
{
    [Theory]
    [InlineData("127.0.0.1:7419", "127.0.0.1:7419")]
    [InlineData("localhost:7419", "127.0.0.1:7419")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("0.0.0.0:65535", "0.0.0.0:65535")]
    [InlineData("[::1]:7419", "[::1]:7419")]
    public void Host_and_port(string text, string endpoint) => Binding.Parse(text).ToString().ShouldBe(endpoint);

    [Fact]
    public void No_host_is_every_address() => Binding.Parse(":7419").Address.ToString().ShouldBeOneOf("::", "0.0.0.0");

    [Theory]
    [InlineData("")]
    [InlineData("7419")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData("localhost:http")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:-1")]
    public void Anything_else_is_refused(string text) =>
        Should.Throw<ConfigurationException>(() => Binding.Parse(text)).Message.ShouldContain(text);
}
