using ControlPlane.Client;
using ControlPlane.Web.Pages.Instances.Connecting;

namespace ControlPlane.Tests.Portal;

public sealed class SnippetTests
{
    static readonly CredentialsResponse plain = new("tcp://:p%26ss@jobs.example.com:7419", "jobs.example.com", 7419, false, "p&ss", null);
    static readonly CredentialsResponse encrypted = plain with { FaktoryUrl = "tcp+tls://:p%26ss@jobs.example.com:7419", Tls = true, Ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" };

    public static TheoryData<string> Languages => [.. Snippets.All(plain).Select(snippet => snippet.Key)];

    static string CodeOf(string language, CredentialsResponse instance) => string.Join('\n', Snippets.All(instance).Single(s => s.Key == language).Steps.Select(step => step.Code));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Each_language_is_given_the_real_address_and_password(string language)
    {
        var code = CodeOf(language, plain);

        code.ShouldSatisfyAllConditions(
            () => code.ShouldContain("jobs.example.com"),
            () => code.ShouldContain("7419"),
            () => (code.Contains("p%26ss", StringComparison.Ordinal) || code.Contains("'p&ss'", StringComparison.Ordinal)).ShouldBeTrue("the password as the place needs it"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_page_shows_no_password_until_somebody_asks(string language)
    {
        var snippet = Snippets.All(plain).Single(s => s.Key == language);

        var html = string.Join('\n', snippet.Steps.Select(step => Highlighter.Html(step.Code, snippet.Secret, snippet.Key)));

        html.ShouldContain(Snippet.Dots);
        html.Replace($"data-secret=\"{System.Web.HttpUtility.HtmlEncode(snippet.Secret)}\"", "", StringComparison.Ordinal).ShouldNotContain(System.Web.HttpUtility.HtmlEncode(snippet.Secret));
    }

    [Fact]
    public void A_private_authority_is_written_to_a_file_that_clients_trust()
    {
        var code = CodeOf("go", encrypted);

        code.ShouldContain("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
        code.ShouldContain("SSL_CERT_FILE=$PWD/faktory-ca.pem");
    }

    [Fact]
    public void Node_is_told_to_encrypt_and_which_name_to_ask_for()
    {
        CodeOf("node", encrypted).ShouldContain("tlsOptions: { servername: \"jobs.example.com\", ca: require(\"fs\").readFileSync(\"faktory-ca.pem\") }");
        CodeOf("node", plain).ShouldContain("faktory.connect()");
    }

    [Fact]
    public void Code_is_encoded_before_it_is_coloured() =>
        Highlighter.Html("puts \"<b>\" # & <i>", "", "ruby").ShouldBe("puts <span class=\"tok-s\">&quot;&lt;b&gt;&quot;</span> # &amp; &lt;i&gt;");

    [Fact]
    public void Keywords_are_coloured_as_whole_words_only() =>
        Highlighter.Html("const constant", "", "node").ShouldBe("<span class=\"tok-k\">const</span> constant");
}
