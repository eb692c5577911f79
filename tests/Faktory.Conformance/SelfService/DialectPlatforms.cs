using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Faktory.Conformance.SelfService;

/// <summary>A reseller of a control plane that has just begun, and how each platform asks for an instance through it, with nothing but HTTP.</summary>
sealed class DialectPlatforms(HttpClient api, string staff, VercelKeys? vercel)
{
    const string requestKey = "the platform signs with this";

    internal static async Task<DialectPlatforms> StartAsync(ControlPlaneProcess controlPlane, VercelKeys? vercel = null)
    {
        var api = new HttpClient { BaseAddress = controlPlane.Api, Timeout = TimeSpan.FromMinutes(2) };
        var claim = controlPlane.Said.Split("token=")[1].Split((char[]?)null)[0];
        var boss = await PostAsync(api, "v1/signup", null, new { email = "boss@example.com", password = "correct horse battery staple", organization = "Operator" });
        await PostAsync(api, "v1/operator/claim", null, new { token = claim, email = "boss@example.com", password = "correct horse battery staple" });
        var staff = await PostAsync(api, "v1/signup", null, new { email = "staff@example.com", password = "correct horse battery staple", organization = "Resale" });
        await PostAsync(api, "v1/operator/resellers", Bearer(boss), new { organization = Text(staff["organization"]!, "id") });
        return new(api, Text(staff, "token"), vercel);

        static AuthenticationHeaderValue Bearer(JsonNode account) => new("Bearer", Text(account, "token"));
    }

    /// <returns>The FAKTORY_URL that the platform hands on.</returns>
    internal async Task<string> ProvisionAsync(string dialect)
    {
        var (key, basic) = await PlugInAsync(dialect);
        var id = Guid.NewGuid().ToString();
        return dialect switch
        {
            "heroku" or "addons_io" => Text((await PostAsync(api, $"{(dialect == "heroku" ? "heroku" : "addons-io")}/resources", basic, new { uuid = id, name = "jobs", plan = "free", region = "us" }))["config"]!, "FAKTORY_URL"),
            "digital_ocean" => Text((await PostAsync(api, "digitalocean/resources", basic, new { uuid = id, resource_name = "jobs", app_slug = key, plan_slug = "free" }))["config"]!, "FAKTORY_URL"),
            "clever_cloud" => Text((await PostAsync(api, "clever-cloud/resources", basic, new { addon_id = id, owner_id = "orga_1", plan = "free" }))["config"]!, "FAKTORY_URL"),
            "open_service_broker" => await BindAsync(basic, id),
            "fly" => Text((await SignedAsync(key, id))["config"]!, "FAKTORY_URL"),
            "vercel" => await OnVercelAsync(new("Bearer", vercel!.Sign(key, TimeProvider.System))),
            _ => throw new ArgumentException(dialect),
        };
    }

    /// <returns>The new integration's key, and how its platform says who it is.</returns>
    internal async Task<(string Key, AuthenticationHeaderValue Caller)> PlugInAsync(string dialect)
    {
        var key = $"{dialect.Replace('_', '-')}-key";
        var platform = dialect == "vercel" ? vercel!.Address : null;
        var made = await PostAsync(api, "v1/reseller/integrations", new("Bearer", staff), new { dialect, name = dialect, key, settings = new { wait_seconds = 45, api_address = platform, keys_address = platform }, secrets = new { request_key = requestKey } });
        return (key, new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:{made["password"]?.GetValue<string>()}"))));
    }

    async Task<string> OnVercelAsync(AuthenticationHeaderValue token)
    {
        const string installation = $"vercel/v1/installations/{VercelKeys.Installation}";
        await SendAsync(api, HttpMethod.Put, installation, token, new { credentials = new { access_token = "vercel lets us in with this", token_type = "Bearer" } });
        var made = await PostAsync(api, $"{installation}/resources", token, new { productId = "faktory", name = "jobs", billingPlanId = "free" });
        return Text(made["secrets"]![0]!, "value");
    }

    async Task<string> BindAsync(AuthenticationHeaderValue basic, string id)
    {
        var service = (await SendAsync(api, HttpMethod.Get, "osb/v2/catalog", basic, null))["services"]![0]!;
        var names = new { service_id = Text(service, "id"), plan_id = Text(service["plans"]!.AsArray().First(p => Text(p!, "name") == "free")!, "id"), organization_guid = "o", space_guid = "s" };
        await SendAsync(api, HttpMethod.Put, $"osb/v2/service_instances/{id}?accepts_incomplete=true", basic, names);
        using var again = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        while (Text(await SendAsync(api, HttpMethod.Get, $"osb/v2/service_instances/{id}/last_operation", basic, null), "state") != "succeeded")
            await again.WaitForNextTickAsync();
        return Text((await SendAsync(api, HttpMethod.Put, $"osb/v2/service_instances/{id}/service_bindings/{Guid.NewGuid()}", basic, names))["credentials"]!, "uri");
    }

    async Task<JsonNode> SignedAsync(string key, string id)
    {
        var body = new JsonObject
        {
            ["id"] = id,
            ["name"] = "jobs",
            ["organization_id"] = "o",
            ["url"] = $"{api.BaseAddress}fly/{key}/extensions",
            ["timestamp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        }.ToJsonString();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"fly/{key}/extensions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(requestKey), Encoding.UTF8.GetBytes(body))));
        return await AnswerAsync(await api.SendAsync(request));
    }

    static Task<JsonNode> PostAsync(HttpClient api, string path, AuthenticationHeaderValue? caller, object body) => SendAsync(api, HttpMethod.Post, path, caller, body);

    static async Task<JsonNode> SendAsync(HttpClient api, HttpMethod method, string path, AuthenticationHeaderValue? caller, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()), Headers = { Authorization = caller } };
        request.Headers.Add("X-Broker-API-Version", "2.17");
        return await AnswerAsync(await api.SendAsync(request));
    }

    static async Task<JsonNode> AnswerAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            response.IsSuccessStatusCode.ShouldBeTrue(string.Create(CultureInfo.InvariantCulture, $"{response.RequestMessage!.RequestUri} {(int)response.StatusCode} {text}"));
            return text.StartsWith('{') ? JsonNode.Parse(text)! : new JsonObject();
        }
    }

    static string Text(JsonNode node, string name) => node[name].ShouldNotBeNull(node.ToJsonString()).GetValue<string>();
}
