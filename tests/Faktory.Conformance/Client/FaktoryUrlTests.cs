using Faktory.Client;

namespace Faktory.Conformance.Client;

public sealed class FaktoryUrlTests
{
    [Fact]
    public void Password_is_percent_decoded()
    {
        var url = FaktoryUrl.Parse("tcp://:p%40ss%2Fw%3Ard%25@jobs.example.com:7500");

        url.Password.ShouldBe("p@ss/w:rd%");
        url.Username.ShouldBeNull();
        url.Host.ShouldBe("jobs.example.com");
        url.Port.ShouldBe(7500);
        url.IsTls.ShouldBeFalse();
    }

    [Fact]
    public void Scheme_with_tls_turns_tls_on() => FaktoryUrl.Parse("tcp+tls://:secret@host:7419").IsTls.ShouldBeTrue();

    [Fact]
    public void Port_defaults_to_7419() => FaktoryUrl.Parse("tcp://localhost").Port.ShouldBe(7419);

    [Fact]
    public void User_and_password_are_told_apart()
    {
        var url = FaktoryUrl.Parse("tcp://tenant%20a:x:y@host");

        url.Username.ShouldBe("tenant a");
        url.Password.ShouldBe("x:y");
    }

    [Fact]
    public void IPv6_host_loses_its_brackets()
    {
        var url = FaktoryUrl.Parse("tcp://[::1]:7419");

        url.Host.ShouldBe("::1");
        url.ToString().ShouldBe("tcp://[::1]:7419");
    }

    [Fact]
    public void Text_for_logs_hides_the_password()
    {
        var url = FaktoryUrl.Parse("tcp+tls://:secret@host:7419");

        url.ToString().ShouldBe("tcp+tls://host:7419");
        new FaktoryClientOptions(url, TimeProvider.System).ToString().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("p@ss:w/rd%+ é")]
    [InlineData("plain")]
    public void Connection_string_reads_back_as_the_same_url(string password)
    {
        var url = new FaktoryUrl { Host = "host", Port = 7500, IsTls = true, Password = password };

        FaktoryUrl.Parse(url.ToConnectionString()).ShouldBe(url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:7419")]
    [InlineData("http://host:7419")]
    [InlineData("redis://:secret@host:6379")]
    [InlineData("tcp://")]
    [InlineData("tcp://host:0")]
    [InlineData("tcp://host:65536")]
    public void What_is_no_faktory_url_is_refused_without_showing_a_password(string text)
    {
        FaktoryUrl.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => FaktoryUrl.Parse(text)).Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Environment_without_a_word_means_localhost() =>
        FaktoryUrl.FromEnvironment(Variables()).ShouldBe(FaktoryUrl.Parse("tcp://localhost:7419"));

    [Fact]
    public void FAKTORY_URL_holds_the_url() =>
        FaktoryUrl.FromEnvironment(Variables(("FAKTORY_URL", "tcp://one:1"))).Host.ShouldBe("one");

    [Fact]
    public void FAKTORY_PROVIDER_names_the_variable_that_holds_the_url() =>
        FaktoryUrl.FromEnvironment(Variables(("FAKTORY_PROVIDER", "TOGO_URL"), ("TOGO_URL", "tcp://two:2"), ("FAKTORY_URL", "tcp://one:1")))
            .Host.ShouldBe("two");

    [Fact]
    public void FAKTORY_PROVIDER_that_holds_a_url_is_refused() =>
        Should.Throw<FormatException>(() => FaktoryUrl.FromEnvironment(Variables(("FAKTORY_PROVIDER", "tcp://two:2"))))
            .Message.ShouldContain("name of the variable");

    [Fact]
    public void FAKTORY_PROVIDER_that_names_nothing_is_refused() =>
        Should.Throw<FormatException>(() => FaktoryUrl.FromEnvironment(Variables(("FAKTORY_PROVIDER", "TOGO_URL"))))
            .Message.ShouldContain("TOGO_URL");

    static Func<string, string?> Variables(params (string Name, string Value)[] set) =>
        name => set.FirstOrDefault(variable => variable.Name == name).Value;
}
