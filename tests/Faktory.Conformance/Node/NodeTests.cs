using Faktory.Conformance.Servers;

namespace Faktory.Conformance.Node;

/// <summary>npm's faktory-worker against our server, case by case: node/cases/*.mjs.</summary>
public abstract class NodeTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    internal Task RunAsync(string file, string sentence) => NodeScript.RunAsync(
        new Dictionary<string, string> { ["FAKTORY_URL"] = fixture.Server.Url.ToConnectionString() }, "run.mjs", file, sentence);
}

public sealed class NodeClientTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("client.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Client(string sentence) => RunAsync("client.mjs", sentence);
}

public sealed class NodeConnectionTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("connection.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Connection(string sentence) => RunAsync("connection.mjs", sentence);
}

public sealed class NodeJobTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("job.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Job(string sentence) => RunAsync("job.mjs", sentence);
}

public sealed class NodeFeatureTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("features.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Feature(string sentence) => RunAsync("features.mjs", sentence);
}

public sealed class NodeMutationTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("mutation.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Mutation(string sentence) => RunAsync("mutation.mjs", sentence);
}

public sealed class NodeWorkerTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("worker.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Worker(string sentence) => RunAsync("worker.mjs", sentence);
}

public sealed class NodeShutdownTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("shutdown.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Shutdown(string sentence) => RunAsync("shutdown.mjs", sentence);
}

public sealed class NodeControlTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("control.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Control(string sentence) => RunAsync("control.mjs", sentence);
}

public sealed class NodeCliTests(ServerFixture fixture) : NodeTests(fixture)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => NodeCases.In("cli.mjs");

    [Theory, MemberData(nameof(Cases))]
    public Task Cli(string sentence) => RunAsync("cli.mjs", sentence);
}
