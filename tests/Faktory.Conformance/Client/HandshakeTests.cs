using System.Text;
using System.Text.Json;
using Faktory.Client;
using Faktory.Client.Wire;

namespace Faktory.Conformance.Client;

public sealed class HandshakeTests
{
    static readonly FaktoryUrl _open = FaktoryUrl.Parse("tcp://localhost");

    [Fact]
    public void Password_hash_is_that_of_the_protocols_test_vector() =>
        PasswordHash.Compute("foobar", "55104dc76695721d", 1545).ShouldBe("6d877f8e5544b1f2598768f817413ab8a357afffa924dedae99eb91472d4ec30");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(PasswordHash.IterationsMax + 1)]
    public void Server_cannot_ask_for_endless_hashing(int iterations) =>
        Should.Throw<FaktoryProtocolException>(() => PasswordHash.Compute("foobar", "salt", iterations));

    [Fact]
    public void Most_hashing_allowed_is_done() => PasswordHash.Compute("foobar", "salt", PasswordHash.IterationsMax).Length.ShouldBe(64);

    [Fact]
    public void Hello_of_a_producer_carries_the_version_only() => Answer("HI {\"v\":2}", _open).ShouldBe("""{"v":2}""");

    [Fact]
    public void Hello_carries_the_hash_when_the_server_sends_a_salt() =>
        JsonElement.Parse(Answer("""HI {"v":2,"i":1545,"s":"55104dc76695721d"}""", _open with { Password = "foobar" }))
            .GetProperty("pwdhash").GetString().ShouldBe("6d877f8e5544b1f2598768f817413ab8a357afffa924dedae99eb91472d4ec30");

    [Fact]
    public void Hello_of_a_worker_says_who_it_is()
    {
        var worker = new FaktoryIdentity("wid-1234") { HostName = "box", ProcessId = 7, Labels = ["blue", "\"quoted\""] };

        Answer("HI {\"v\":2}", _open with { Username = "tenant" }, worker)
            .ShouldBe("""{"v":2,"username":"tenant","wid":"wid-1234","hostname":"box","pid":7,"labels":["blue","\u0022quoted\u0022"]}""");
    }

    [Fact]
    public void Missing_password_is_told_before_the_server_is_asked() =>
        Should.Throw<FaktoryAuthenticationException>(() => Answer("""HI {"v":2,"i":1545,"s":"55"}""", _open));

    [Theory]
    [InlineData("HI {\"v\":3}")]
    [InlineData("HI {}")]
    [InlineData("HI {\"v\":\"2\"}")]
    [InlineData("HI {\"v\":2,\"s\":\"salt\"}")]
    [InlineData("HI {\"v\":2")]
    [InlineData("HELO")]
    [InlineData("")]
    public void Greeting_of_something_else_is_refused(string greeting) =>
        Should.Throw<FaktoryProtocolException>(() => Answer(greeting, _open with { Password = "foobar" }));

    static string Answer(string greeting, FaktoryUrl url, FaktoryIdentity? worker = null)
    {
        var line = Encoding.UTF8.GetString(Handshake.Answer(new Reply(ReplyKind.Text, Encoding.UTF8.GetBytes(greeting)), url, worker));
        line.ShouldStartWith("HELLO {");
        line.ShouldEndWith("\r\n");
        return line["HELLO ".Length..^2];
    }
}
