using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Dialects.ServiceBroker;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Certifying;

/// <summary>What each platform's client does in the life of one resource.</summary>
static class CertificationScripts
{
    internal static Task RunAsync(CertificationRun run, CancellationToken cancel) => run.Twin.Dialect switch
    {
        Dialect.OpenServiceBroker => BrokerAsync(run, cancel),
        Dialect.Vercel => VercelAsync(run, cancel),
        Dialect.Fly => FlyAsync(run, cancel),
        _ => AddOnAsync(run, cancel),
    };

    static async Task AddOnAsync(CertificationRun run, CancellationToken cancel)
    {
        var prefix = run.Twin.Dialect switch { Dialect.DigitalOcean => "digitalocean", Dialect.CleverCloud => "clever-cloud", Dialect.AddonsIo => "addons-io", _ => "heroku" };
        var (path, id, plan) = ($"{prefix}/resources", run.Id, PlatformSettings.Of(run.Twin).PlanName(SeedPlans.FreeKey));
        Dictionary<string, object> Body(string named) => run.Twin.Dialect switch
        {
            Dialect.DigitalOcean => new() { ["uuid"] = id, ["resource_name"] = "certification", ["app_slug"] = run.Twin.Key, ["plan_slug"] = named, ["unknown_field"] = 1 },
            Dialect.CleverCloud => new() { ["addon_id"] = id, ["owner_id"] = "orga_certification", ["owner_name"] = "Certification", ["plan"] = named, ["unknown_field"] = 1 },
            _ => new() { ["uuid"] = id, ["name"] = "certification", ["plan"] = named, ["region"] = "us", ["unknown_field"] = 1 },
        };
        Dictionary<string, object> Change(string named) => new() { [run.Twin.Dialect == Dialect.DigitalOcean ? "plan_slug" : "plan"] = named };

        await run.SendJsonAsync("A wrong password is refused", HttpMethod.Post, path, Body(plan), [401], cancel, asPassword: "wrong");
        await run.SendJsonAsync("A plan that is not offered is refused", HttpMethod.Post, path, Body("no-such-plan"), [422], cancel);
        var made = await run.SendJsonAsync("A resource is made", HttpMethod.Post, path, Body(plan), [200, 202], cancel);
        var again = await run.SendJsonAsync("The same request again has the same answer", HttpMethod.Post, path, Body(plan), [200, 202], cancel);
        run.Check("Both answers are the same", made.ValueKind == JsonValueKind.Object && JsonElement.DeepEquals(made, again));
        await run.SendJsonAsync("The plan stays what it is", HttpMethod.Put, $"{path}/{id}", Change(plan), [200, 204], cancel);
        await run.SendJsonAsync("A change to a plan that is not offered is refused", HttpMethod.Put, $"{path}/{id}", Change("no-such-plan"), [422], cancel);
        await run.SendAsync("A user is signed on", HttpMethod.Post, $"{prefix}/sso/{run.Twin.Key}", SignOn(run, run.Now), [302], cancel);
        await run.SendAsync("A stale sign-on is refused", HttpMethod.Post, $"{prefix}/sso/{run.Twin.Key}", SignOn(run, run.Now - 600), [run.Twin.Dialect == Dialect.DigitalOcean ? 401 : 403], cancel);
        await run.SendAsync("The resource is given up", HttpMethod.Delete, $"{path}/{id}", null, [200, 204], cancel);
        await run.SendAsync("It is gone", HttpMethod.Delete, $"{path}/{id}", null, [410], cancel);
    }

    static FormUrlEncodedContent SignOn(CertificationRun run, long timestamp)
    {
        var (id, at) = (run.Id, timestamp.ToString(CultureInfo.InvariantCulture));
        return new FormUrlEncodedContent(run.Twin.Dialect switch
        {
            Dialect.DigitalOcean => new Dictionary<string, string> { ["resource_uuid"] = id, ["timestamp"] = at, ["resource_token"] = SignOnTokens.HmacSha256(run.Salt, at, id) },
            Dialect.CleverCloud => new Dictionary<string, string> { ["id"] = id, ["user_id"] = "user", ["email"] = "", ["nav-data"] = "", ["timestamp"] = at, ["token"] = SignOnTokens.Sha512(id, "user", "", "", run.Salt, at) },
            _ => new Dictionary<string, string> { ["resource_id"] = id, ["user_id"] = "user", ["email"] = "user@example.com", ["timestamp"] = at, ["user_scoped_resource_token"] = SignOnTokens.Sha256(id, run.Salt, at, "user", "user@example.com") },
        });
    }

    static async Task BrokerAsync(CertificationRun run, CancellationToken cancel)
    {
        (string, string)[] version = [(BrokerHeaders.Version, "2.17")];
        await run.SendAsync("A request without a version is refused", HttpMethod.Get, "osb/v2/catalog", null, [412], cancel);
        await run.SendAsync("A wrong password is refused", HttpMethod.Get, "osb/v2/catalog", null, [401], cancel, "wrong", version);
        var service = (await run.SendAsync("The catalog is read", HttpMethod.Get, "osb/v2/catalog", null, [200], cancel, null, version)).GetProperty("services")[0];
        var plan = service.GetProperty("plans").EnumerateArray().First(p => p.GetProperty("name").GetString() == SeedPlans.FreeKey).GetProperty("id").GetString()!;
        var (id, path) = (service.GetProperty("id").GetString()!, $"osb/v2/service_instances/{run.Id}");
        object Body() => new { service_id = id, plan_id = plan, organization_guid = "certification", space_guid = "certification", unknown_field = 1 };
        var named = $"service_id={id}&plan_id={plan}&accepts_incomplete=true";

        await run.SendJsonAsync("A platform that cannot wait is told so", HttpMethod.Put, path, Body(), [422], cancel, null, version);
        var made = await run.SendJsonAsync("An instance is asked for", HttpMethod.Put, $"{path}?accepts_incomplete=true", Body(), [202], cancel, null, version);
        var again = await run.SendJsonAsync("The same request again has the same operation", HttpMethod.Put, $"{path}?accepts_incomplete=true", Body(), [200, 202], cancel, null, version);
        run.Check("Both name one operation", !again.TryGetProperty("operation", out var second) || second.GetString() == made.GetProperty("operation").GetString());
        await AwaitAsync(run, path, version, cancel);
        await run.SendAsync("The instance is read", HttpMethod.Get, path, null, [200], cancel, null, version);
        var binding = await run.SendJsonAsync("A binding has credentials", HttpMethod.Put, $"{path}/service_bindings/{run.Id}", new { service_id = id, plan_id = plan }, [201], cancel, null, version);
        run.Check("They hold a uri", binding.TryGetProperty("credentials", out var credentials) && credentials.TryGetProperty("uri", out _));
        await run.SendAsync("The binding is given up", HttpMethod.Delete, $"{path}/service_bindings/{run.Id}?service_id={id}&plan_id={plan}", null, [200], cancel, null, version);
        await run.SendAsync("The instance is given up", HttpMethod.Delete, $"{path}?{named}", null, [202], cancel, null, version);
        await run.SendAsync("It is gone", HttpMethod.Delete, $"{path}?{named}", null, [202, 410], cancel, null, version);
    }

    /// <summary>Polls as a platform does, until the operation has ended.</summary>
    static async Task AwaitAsync(CertificationRun run, string path, (string, string)[] version, CancellationToken cancel)
    {
        const int pollsMax = 30;
        for (var i = 0; i < pollsMax; i++)
        {
            var state = (await run.SendAsync("The operation is followed", HttpMethod.Get, $"{path}/last_operation", null, [200], cancel, null, version)).GetProperty("state").GetString();
            if (state != "in progress")
            {
                run.Check("It has succeeded", state == "succeeded");
                return;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
        }
        run.Check("It has succeeded", false);
    }

    static async Task FlyAsync(CertificationRun run, CancellationToken cancel)
    {
        var path = $"fly/{run.Twin.Key}/extensions";
        HttpContent Body(long at) => Signed(new { id = run.Id, name = "certification", organization_id = "certification", organization_name = "Certification", url = $"https://api/{path}", nonce = run.Id, timestamp = at, unknown_field = 1 });
        HttpContent Signed(object body)
        {
            var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            return content;
        }
        async Task<(string, string)[]> SignAsync(HttpContent content) => [("X-Signature", FlyApi.Sign(run.RequestKey, await content.ReadAsByteArrayAsync(cancel)))];
        (string Query, (string, string)[] Headers) Query()
        {
            var query = $"nonce={run.Id}&timestamp={run.Now.ToString(CultureInfo.InvariantCulture)}&url={Uri.EscapeDataString($"https://api/{path}/{run.Id}")}";
            return (query, [("X-Signature", FlyApi.Sign(run.RequestKey, Encoding.UTF8.GetBytes(query)))]);
        }

        await run.SendAsync("A request without a signature is refused", HttpMethod.Post, path, Body(run.Now), [401], cancel);
        var stale = Body(run.Now - 600);
        await run.SendAsync("An old request is refused", HttpMethod.Post, path, stale, [401], cancel, null, await SignAsync(stale));
        var first = Body(run.Now);
        await run.SendAsync("An extension is made", HttpMethod.Post, path, first, [200], cancel, null, await SignAsync(first));
        var second = Body(run.Now);
        await run.SendAsync("The same request again has the same answer", HttpMethod.Post, path, second, [200], cancel, null, await SignAsync(second));
        var read = Query();
        await run.SendAsync("The extension is read", HttpMethod.Get, $"{path}/{run.Id}?{read.Query}", null, [200], cancel, null, read.Headers);
        await run.SendAsync("A browser is sent to Fly.io", HttpMethod.Get, $"{path}/{run.Id}/sso", null, [302], cancel);
        await run.SendAsync("The extension is given up", HttpMethod.Delete, $"{path}/{run.Id}?{read.Query}", null, [200], cancel, null, read.Headers);
        await run.SendAsync("It is gone", HttpMethod.Delete, $"{path}/{run.Id}?{read.Query}", null, [410], cancel, null, read.Headers);
    }

    /// <summary>With tokens that the twin alone takes for Vercel's.</summary>
    static async Task VercelAsync(CertificationRun run, CancellationToken cancel)
    {
        var installation = $"icfg_{run.Id}";
        var (path, plan) = ($"vercel/v1/installations/{installation}", PlatformSettings.Of(run.Twin).PlanName(SeedPlans.FreeKey));
        var token = ("Authorization", $"Bearer {run.Tokens.Sign(run.Twin.Key, installation)}");
        var stranger = ("Authorization", $"Bearer {run.Tokens.Sign(run.Twin.Key, "icfg_another")}");
        object Body(string named) => new { productId = "faktory", name = "certification", metadata = new { }, billingPlanId = named, unknownField = 1 };

        await run.SendAsync("A request without a token is refused", HttpMethod.Get, path, null, [403], cancel);
        await run.SendAsync("A token that is not Vercel's is refused", HttpMethod.Get, path, null, [403], cancel, null, ("Authorization", "Bearer a.b.c"));
        await run.SendJsonAsync("It is installed", HttpMethod.Put, path, new { credentials = new { access_token = "certification", token_type = "Bearer" } }, [201], cancel, null, token);
        await run.SendAsync("Another installation's token is refused", HttpMethod.Get, path, null, [403], cancel, null, stranger);
        await run.SendAsync("Plans are offered", HttpMethod.Get, $"{path}/plans", null, [200], cancel, null, token);
        await run.SendJsonAsync("A plan that is not offered is refused", HttpMethod.Post, $"{path}/resources", Body("no-such-plan"), [400], cancel, null, token);
        var made = await run.SendJsonAsync("A resource is made", HttpMethod.Post, $"{path}/resources", Body(plan), [201], cancel, null, token);
        var again = await run.SendJsonAsync("The same request again has the same answer", HttpMethod.Post, $"{path}/resources", Body(plan), [201], cancel, null, token);
        run.Check("Both answers are the same", made.ValueKind == JsonValueKind.Object && JsonElement.DeepEquals(made, again));
        var resource = $"{path}/resources/{made.GetProperty("id").GetString()}";
        await run.SendAsync("It can be read", HttpMethod.Get, resource, null, [200], cancel, null, token);
        await run.SendJsonAsync("A change to a plan that is not offered is refused", HttpMethod.Patch, resource, new { billingPlanId = "no-such-plan" }, [400], cancel, null, token);
        await run.SendJsonAsync("It gets new secrets", HttpMethod.Post, $"{resource}/secrets/rotate", new { delayOldSecretsExpirationHours = 1 }, [200, 202], cancel, null, token);
        await run.SendAsync("A sign-on without a code is refused", HttpMethod.Get, $"vercel/sso/{run.Twin.Key}", null, [403], cancel);
        await run.SendAsync("The resource is given up", HttpMethod.Delete, resource, null, [204], cancel, null, token);
        await run.SendAsync("It is gone", HttpMethod.Get, resource, null, [404], cancel, null, token);
        await run.SendAsync("It is uninstalled", HttpMethod.Delete, path, null, [204], cancel, null, token);
    }
}
