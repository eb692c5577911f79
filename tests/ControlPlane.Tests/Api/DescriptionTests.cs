using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ControlPlane.Api;
using ControlPlane.Api.Http;
using ControlPlane.Api.OpenApi;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Api;

/// <summary>What is written about the API is what the API does.</summary>
public sealed partial class DescriptionTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_committed_description_is_the_one_that_the_endpoints_make()
    {
        await using var app = ApiHost.CreateForDescription();

        // After a change of the API: dotnet run --project src/ControlPlane.Api -- openapi > src/ControlPlane.Api/openapi.json
        (await app.WriteDescriptionAsync(CancellationToken.None)).ShouldBe(await File.ReadAllTextAsync(Path.Combine(Root, "src/ControlPlane.Api/openapi.json")));
    }

    [Fact]
    public async Task The_description_that_is_served_names_exactly_the_calls_that_are_mapped()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var description = JsonNode.Parse(await server.Http.GetStringAsync("openapi/v1.json"))!.AsObject();

        var described = description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(call => $"{call.Key.ToUpperInvariant()} {path.Key}"));

        described.Order().ShouldBe(server.Calls().Select(call => $"{call.Method} {call.Path}").Order());
        JsonNode.DeepEquals(description, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Root, "src/ControlPlane.Api/openapi.json")))).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_code_stands_in_the_manual()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var manual = await File.ReadAllTextAsync(Path.Combine(Root, "docs/api.md"));
        var documented = CodeInTable().Matches(manual).Select(match => match.Groups[1].Value).ToHashSet();

        var ofEveryCall = typeof(Problems).GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<Problem>().Select(problem => problem.Code);
        var ofSomeCall = server.Routes().Select(route => route.Metadata.GetMetadata<Refusals>()).OfType<Refusals>().SelectMany(refusals => refusals.Problems).Select(problem => problem.Code);

        ofEveryCall.Concat(ofSomeCall).Where(code => !documented.Contains(code)).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_reference_page_loads_nothing_from_elsewhere()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        using var response = await server.Http.GetAsync("docs/");
        var page = await response.Content.ReadAsStringAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        AddressElsewhere().Matches(page).ShouldBeEmpty();
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self' 'nonce-");
        foreach (Match script in ScriptSource().Matches(page))
        {
            using var loaded = await server.Http.GetAsync(new Uri(new Uri(server.Http.BaseAddress!, "docs/"), script.Groups[1].Value));
            loaded.StatusCode.ShouldBe(HttpStatusCode.OK, script.Value);
        }
        ScriptSource().Matches(page).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Every_answer_has_an_id_and_forbids_the_browser_everything()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        foreach (var path in (string[])["healthz", "v1/plans", "v1/me", "v1/nothing"])
        {
            using var response = await server.Http.GetAsync(path);
            response.Headers.GetValues("Request-Id").Single().Length.ShouldBeGreaterThan(8);
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"]);
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            response.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    static string Root { get; } = FindRoot();

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FaktoryCloud.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        return folder.FullName;
    }

    [GeneratedRegex("^\\| `([a-z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex CodeInTable();

    [GeneratedRegex("(?:src|href)=\"(?:https?:)?//[^\"]*\"")]
    private static partial Regex AddressElsewhere();

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex ScriptSource();
}
