using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Node;

/// <summary>npm's faktory-worker over TLS.</summary>
public sealed class NodeTlsTests(TlsServerFixture fixture) : IClassFixture<TlsServerFixture>
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("tls.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Tls(string sentence) => NodeScript.RunAsync(
        new Dictionary<string, string>
        {
            ["FAKTORY_URL"] = fixture.Server.Url.ToConnectionString(),
            ["TLS_CA"] = fixture.AuthorityFile,
            ["TLS_NAME"] = TestCertificate.Name,
        },
        "run.mjs", "tls.mjs", sentence);
}
