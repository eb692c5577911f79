using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Faktory.Conformance.SelfService;

/// <summary>The life of a service instance and of its bindings through a proxy that checks both directions against the specification's description.</summary>
public sealed class BrokerDescriptionTests
{
    [Fact]
    public async Task Every_request_and_answer_is_as_the_description_says()
    {
        Assert.SkipWhen(ControlPlaneProcess.Program is null, "CONTROL_PLANE_HOST does not name the control plane's program; ./test builds it");
        await using var controlPlane = await ControlPlaneProcess.StartAsync(ControlPlaneProcess.Program!, "process");
        var (_, caller) = await (await DialectPlatforms.StartAsync(controlPlane)).PlugInAsync("open_service_broker");
        await using var proxy = await ValidatingProxy.StartAsync(new Uri(controlPlane.Api, "osb"));
        using var platform = new Platform(proxy.Address, caller);

        var service = (await platform.GetAsync(200, "v2/catalog"))["services"]![0]!;
        string Plan(string name) => service["plans"]!.AsArray().First(p => p!["name"]!.GetValue<string>() == name)!["id"]!.GetValue<string>();
        var (id, free, pro) = (service["id"]!.GetValue<string>(), Plan("free"), Plan("pro"));
        object Provision(string plan) => new { service_id = id, plan_id = plan, organization_guid = "o", space_guid = "s", context = new { platform = "cloudfoundry" } };
        var names = $"service_id={id}&plan_id={free}";

        await platform.PutAsync(422, "v2/service_instances/i-1", Provision(free));
        await platform.PutAsync(202, "v2/service_instances/i-1?accepts_incomplete=true", Provision(free));
        await platform.UntilAsync("v2/service_instances/i-1/last_operation", "succeeded");
        await platform.PutAsync(200, "v2/service_instances/i-1?accepts_incomplete=true", Provision(free));
        await platform.PutAsync(409, "v2/service_instances/i-1?accepts_incomplete=true", Provision(pro));
        await platform.PutAsync(400, "v2/service_instances/i-2?accepts_incomplete=true", Provision("no such plan"));
        await platform.GetAsync(200, "v2/service_instances/i-1");
        await platform.GetAsync(404, "v2/service_instances/i-2");

        await platform.PutAsync(201, "v2/service_instances/i-1/service_bindings/b-1", new { service_id = id, plan_id = free });
        await platform.PutAsync(201, "v2/service_instances/i-1/service_bindings/b-2", new { service_id = id, plan_id = free, predecessor_binding_id = "b-1" });
        await platform.PutAsync(202, "v2/service_instances/i-1/service_bindings/b-3?accepts_incomplete=true", new { service_id = id, plan_id = free });
        await platform.UntilAsync("v2/service_instances/i-1/service_bindings/b-3/last_operation", "succeeded");
        await platform.GetAsync(200, "v2/service_instances/i-1/service_bindings/b-2");
        await platform.DeleteAsync(200, $"v2/service_instances/i-1/service_bindings/b-1?{names}");
        await platform.DeleteAsync(410, $"v2/service_instances/i-1/service_bindings/b-1?{names}");

        await platform.SendAsync(202, HttpMethod.Patch, "v2/service_instances/i-1?accepts_incomplete=true", new { service_id = id, plan_id = pro });
        await platform.UntilAsync("v2/service_instances/i-1/last_operation", "succeeded");
        await platform.DeleteAsync(422, $"v2/service_instances/i-1?{names}");
        await platform.DeleteAsync(202, $"v2/service_instances/i-1?{names}&accepts_incomplete=true");
        await platform.UntilGoneAsync("v2/service_instances/i-1/last_operation");
        await platform.DeleteAsync(410, $"v2/service_instances/i-1?{names}&accepts_incomplete=true");
        await ObjectsToWhatIsWrongAsync(platform, caller);
    }

    // Otherwise a proxy that checks nothing would pass as well.
    static async Task ObjectsToWhatIsWrongAsync(Platform platform, AuthenticationHeaderValue caller)
    {
        using var broker = new HttpListener { Prefixes = { $"http://127.0.0.1:{FreePort.Find()}/" } };
        broker.Start();
        await using var proxy = await ValidatingProxy.StartAsync(new Uri(broker.Prefixes.Single()));
        using var stranger = new Platform(proxy.Address, caller);
        var asking = stranger.AskAsync(HttpMethod.Get, "v2/catalog", null);
        var asked = await broker.GetContextAsync();
        asked.Response.ContentType = "application/json";
        asked.Response.Close("""{"services":[]}"""u8.ToArray(), willBlock: false);

        using var answer = await asking;
        using var request = await platform.AskAsync(HttpMethod.Put, "v2/service_instances/i-1", new { service_id = "one", plan_id = 7 });

        (await answer.Content.ReadAsStringAsync()).ShouldContain("stoplight");
        (await request.Content.ReadAsStringAsync()).ShouldContain("stoplight");
    }

    /// <summary>A platform that sends through the proxy, and takes nothing that the proxy objects to.</summary>
    sealed class Platform : IDisposable
    {
        readonly HttpClient http;

        internal Platform(Uri proxy, AuthenticationHeaderValue caller)
        {
            http = new HttpClient { BaseAddress = proxy, DefaultRequestHeaders = { Authorization = caller } };
            http.DefaultRequestHeaders.Add("X-Broker-API-Version", "2.17");
        }

        internal Task<JsonNode> GetAsync(int status, string path) => SendAsync(status, HttpMethod.Get, path, null);

        internal Task<JsonNode> PutAsync(int status, string path, object body) => SendAsync(status, HttpMethod.Put, path, body);

        internal Task<JsonNode> DeleteAsync(int status, string path) => SendAsync(status, HttpMethod.Delete, path, null);

        internal async Task<JsonNode> SendAsync(int status, HttpMethod method, string path, object? body)
        {
            using var response = await AskAsync(method, path, body);
            var text = await response.Content.ReadAsStringAsync();
            ((int)response.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
            text.ShouldNotContain("stoplight", customMessage: $"{method} {path}");
            return JsonNode.Parse(text)!;
        }

        internal async Task UntilAsync(string path, string state)
        {
            using var again = new PeriodicTimer(TimeSpan.FromSeconds(0.2));
            while ((await GetAsync(200, path))["state"]!.GetValue<string>() != state)
                await again.WaitForNextTickAsync();
        }

        internal async Task UntilGoneAsync(string path)
        {
            using var again = new PeriodicTimer(TimeSpan.FromSeconds(0.2));
            while (true)
            {
                using var response = await AskAsync(HttpMethod.Get, path, null);
                var text = await response.Content.ReadAsStringAsync();
                text.ShouldNotContain("stoplight");
                if ((int)response.StatusCode == 410)
                    return;
                await again.WaitForNextTickAsync();
            }
        }

        internal Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body)
        {
            var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
            return http.SendAsync(request);
        }

        public void Dispose() => http.Dispose();
    }
}
