using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Dialects.Doubles;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Dialects;

public sealed class FlyTests(PostgresFixture postgres)
{
    const string Path = $"fly/{DialectWorld.Key}/extensions";

    [Fact]
    public async Task An_extension_is_made_read_changed_and_given_up_and_fly_hears_of_it()
    {
        await using var fly = await PlatformDouble.StartAsync<FlyDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Fly, new() { ApiAddress = fly.Address });

        var made = await PostAsync(world, 200);
        JsonNode.DeepEquals(await PostAsync(world, 200), made).ShouldBeTrue();
        (made.Text("id"), made.Text("status"), made.Text("plan")).ShouldBe(("ext-1", "ready", "free"));
        made["config"]!.Text("FAKTORY_URL").ShouldStartWith("tcp://:");
        await PostAsync(world, 409, ("organization_id", "org-2"));
        await PostAsync(world, 422, ("id", ""));
        JsonNode.DeepEquals(await GetAsync(world, HttpMethod.Get, "ext-1", 200), made).ShouldBeTrue();
        // It is told how things are when it is told.
        await fly.HearAsync($"POST /api/hooks/extensions/{DialectWorld.Key}", times: 1);
        (await SendAsync(world, HttpMethod.Patch, "ext-1", new() { ["plan"] = "pro", ["new"] = 1 }, 200)).Text("plan").ShouldBe("pro");
        await fly.HearAsync($"POST /api/hooks/extensions/{DialectWorld.Key}", times: 2);
        await SendAsync(world, HttpMethod.Patch, "ext-1", new() { ["plan"] = "none" }, 422);
        await SendAsync(world, HttpMethod.Patch, "ext-9", new() { ["plan"] = "pro" }, 404);
        await GetAsync(world, HttpMethod.Delete, "ext-1", 200);
        await GetAsync(world, HttpMethod.Delete, "ext-1", 410);
        await GetAsync(world, HttpMethod.Get, "ext-1", 404);
        await SendAsync(world, HttpMethod.Patch, "ext-1", new() { ["plan"] = "free" }, 410);
        await GetAsync(world, HttpMethod.Delete, "ext-9", 404);
        await PostAsync(world, 410);

        await fly.HearAsync($"POST /api/hooks/extensions/{DialectWorld.Key}", times: 3);
        fly.Taken.Select(h => h.Json.Text("action")).ShouldBe(["resource.created", "resource.updated", "resource.deleted"]);
        fly.Refused.ShouldBeEmpty();
        (await world.InstancesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_ready_yet_is_read_until_it_is()
    {
        await using var fly = await PlatformDouble.StartAsync<FlyDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Fly, new() { ApiAddress = fly.Address, WaitSeconds = 0 });
        world.Runner!.Hold();

        (await PostAsync(world, 200)).Text("status").ShouldBe("pending");
        (await GetAsync(world, HttpMethod.Get, "ext-1", 200))["config"].ShouldBeNull();
        world.Runner.Release();
        (await fly.HearAsync($"POST /api/hooks/extensions/{DialectWorld.Key}")).Json["resource"]!.Text("status").ShouldBe("ready");

        (await GetAsync(world, HttpMethod.Get, "ext-1", 200)).Text("status").ShouldBe("ready");
        await world.Server.ExecuteAsOwnerAsync("UPDATE instances SET state = 'failed'");
        (await GetAsync(world, HttpMethod.Get, "ext-1", 200)).Text("status").ShouldBe("error");
    }

    [Fact]
    public async Task A_signature_is_of_this_request_and_this_moment()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Fly, isPlayed: false);
        var body = Body(world);

        await PostRawAsync(world, body.ToJsonString(), null, 401);
        await PostRawAsync(world, body.ToJsonString(), Sign("another key", body.ToJsonString()), 401);
        await PostRawAsync(world, body.ToJsonString() + " ", Sign(DialectWorld.RequestKey, body.ToJsonString()), 401);
        body["timestamp"] = world.Now(ago: TimeSpan.FromSeconds(310));
        await PostRawAsync(world, body.ToJsonString(), Sign(DialectWorld.RequestKey, body.ToJsonString()), 401);
        body = Body(world);
        body["url"] = $"{world.Http.BaseAddress}fly/other/extensions";
        await PostRawAsync(world, body.ToJsonString(), Sign(DialectWorld.RequestKey, body.ToJsonString()), 401);
        await AskAsync("ext-1", "ext-1", 404);
        await AskAsync("ext-1", "ext-2", 401);
        await AskAsync("ext-1", "ext-1", 401, ago: TimeSpan.FromSeconds(310));
        await AskAsync("ext-1", "ext-1", 401, added: "&plan=pro");
        await AskAsync("ext-1", "ext-1", 401, key: "another key");
        (await world.InstancesAsync()).ShouldBe(0);

        // Signed for one extension, sent to another; with something added to what was signed.
        Task AskAsync(string meant, string asked, int status, TimeSpan ago = default, string added = "", string key = DialectWorld.RequestKey)
        {
            var query = $"timestamp={world.Now(ago)}&url={Uri.EscapeDataString($"{world.Http.BaseAddress}{Path}/{meant}")}";
            return SendRawAsync(world, HttpMethod.Get, $"{Path}/{asked}?{query}{added}", null, Sign(key, query), status);
        }
    }

    [Fact]
    public async Task A_member_of_the_organization_enters_the_portal_and_nobody_else()
    {
        await using var fly = await PlatformDouble.StartAsync<FlyDouble>();
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.Fly, new() { ApiAddress = fly.Address });
        await PostAsync(world, 200);

        using var start = await world.Browser.GetAsync($"{Path}/ext-1/sso");
        start.Headers.Location!.GetLeftPart(UriPartial.Path).ShouldBe(new Uri(fly.Address, "/oauth/authorize").AbsoluteUri);
        var state = System.Web.HttpUtility.ParseQueryString(start.Headers.Location.Query)["state"]!;
        var callback = $"fly/{DialectWorld.Key}/callback?code={FlyDouble.Code}&state={Uri.EscapeDataString(state)}";
        using var good = await world.Browser.GetAsync(callback);
        good.ShouldLeadToThePortal();

        // Another browser has no part in it, and a member of another organization neither.
        using var other = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = world.Http.BaseAddress };
        using var foreign = await other.GetAsync(callback);
        await foreign.ShouldBeAsync(403);
        fly.Organization = "org-2";
        using var restart = await world.Browser.GetAsync($"{Path}/ext-1/sso");
        state = System.Web.HttpUtility.ParseQueryString(restart.Headers.Location!.Query)["state"]!;
        using var stranger = await world.Browser.GetAsync($"fly/{DialectWorld.Key}/callback?code={FlyDouble.Code}&state={Uri.EscapeDataString(state)}");
        await stranger.ShouldBeAsync(403);
        using var forged = await world.Browser.GetAsync($"fly/{DialectWorld.Key}/callback?code={FlyDouble.Code}&state=x");
        await forged.ShouldBeAsync(403);
    }

    static JsonObject Body(DialectWorld world, params (string Name, string Value)[] changes)
    {
        var body = new JsonObject
        {
            ["name"] = "jobs",
            ["id"] = "ext-1",
            ["organization_id"] = "org-1",
            ["organization_name"] = "High Flyers",
            ["organization_email"] = "o@customer.fly.io",
            ["user_id"] = "user-1",
            ["user_email"] = "u@customer.fly.io",
            ["user_role"] = "admin",
            ["primary_region"] = "mad",
            ["read_regions"] = new JsonArray("syd"),
            ["ip_address"] = "fdaa:0:47fb:0:1::1d",
            ["nonce"] = Guid.NewGuid().ToString("n"),
            ["something_new"] = 1,
        };
        Stamp(world, body, Path);
        foreach (var (name, value) in changes)
            body[name] = value;
        return body;
    }

    static void Stamp(DialectWorld world, JsonObject body, string path) => (body["url"], body["timestamp"]) = ($"{world.Http.BaseAddress}{path}", world.Now());

    static Task<JsonNode> PostAsync(DialectWorld world, int status, params (string Name, string Value)[] changes)
    {
        var text = Body(world, changes).ToJsonString();
        return PostRawAsync(world, text, Sign(DialectWorld.RequestKey, text), status);
    }

    static Task<JsonNode> PostRawAsync(DialectWorld world, string text, string? signature, int status) => SendRawAsync(world, HttpMethod.Post, Path, text, signature, status);

    static Task<JsonNode> SendAsync(DialectWorld world, HttpMethod method, string id, JsonObject body, int status)
    {
        Stamp(world, body, $"{Path}/{id}");
        return SendRawAsync(world, method, $"{Path}/{id}", body.ToJsonString(), Sign(DialectWorld.RequestKey, body.ToJsonString()), status);
    }

    static Task<JsonNode> GetAsync(DialectWorld world, HttpMethod method, string id, int status)
    {
        var query = $"nonce=n&timestamp={world.Now()}&url={Uri.EscapeDataString($"{world.Http.BaseAddress}{Path}/{id}")}";
        return SendRawAsync(world, method, $"{Path}/{id}?{query}", null, Sign(DialectWorld.RequestKey, query), status);
    }

    static async Task<JsonNode> SendRawAsync(DialectWorld world, HttpMethod method, string path, string? text, string? signature, int status)
    {
        using var request = new HttpRequestMessage(method, path) { Content = text is null ? null : new StringContent(text, Encoding.UTF8, "application/json") };
        if (signature is not null)
            request.Headers.Add("X-Signature", signature);
        using var response = await world.Stranger.SendAsync(request);
        return await response.ShouldBeAsync(status);
    }

    static string Sign(string key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
}
