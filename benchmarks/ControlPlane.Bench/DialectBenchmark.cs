using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ControlPlane.Client;
using Faktory.Conformance.SelfService;

namespace ControlPlane.Bench;

/// <summary>
/// Resellers' platforms, each by its own protocol, beside the native call: until an instance runs, in turns; and then many customers at once, of whom each asks for an
/// instance, is answered, and gives it up again.
/// </summary>
static class DialectBenchmark
{
    const int AtOnce = 8;
    const string RequestKey = "a-request-key";

    internal static async Task RunAsync(BenchHost host, ControlPlaneClient reseller, Func<string, Timings, Timings, Task> measureNative, int creates, int customers, TimeProvider clock, CancellationToken cancel)
    {
        await using var vercel = new VercelKeys();
        var waiting = new List<(string Dialect, HttpClient Http, Timings Timings)>();
        var crowd = new List<(string Dialect, HttpClient Http, Timings Timings)>();
        foreach (var dialect in (string[])["heroku", "digital_ocean", "clever_cloud", "open_service_broker", "vercel", "fly"])
        {
            waiting.Add((dialect, await PlugInAsync(host, reseller, dialect, $"bench-{dialect.Replace('_', '-')}", 45, vercel.Address, cancel), new Timings(dialect)));
            crowd.Add((dialect, await PlugInAsync(host, reseller, dialect, $"crowd-{dialect.Replace('_', '-')}", 0, vercel.Address, cancel), new Timings(dialect)));
        }
        // In the same turns, so that no ratio compares different minutes.
        var (native, whole) = (new Timings("POST /v1/reseller/instances"), new Timings("POST /v1/reseller/customers and …/instances"));
        var warmUp = new Timings("warm-up");
        // The first turn compiles what each of them needs, and counts for none.
        for (var i = -1; i < creates; i++)
        {
            await measureNative(i.ToString(CultureInfo.InvariantCulture), i < 0 ? warmUp : native, i < 0 ? warmUp : whole);
            foreach (var (dialect, http, timings) in waiting)
            {
                var id = Guid.NewGuid().ToString();
                var caller = await BecomeCustomerAsync(http, dialect, id, vercel, clock, cancel);
                var begun = clock.GetTimestamp();
                var made = await ProvisionAsync(http, dialect, id, caller, isAwaited: true, clock, cancel);
                (i < 0 ? warmUp : timings).Add(clock.GetElapsedTime(begun));
                await DeprovisionAsync(http, dialect, made, caller, clock, cancel);
            }
        }
        Write("Until the instance runs, through each dialect, whose one call makes the customer as well", [native, whole, .. waiting.Select(w => w.Timings)], native, whole);

        foreach (var (dialect, http, timings) in crowd)
            await Parallel.ForEachAsync(Enumerable.Range(0, customers), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (_, stop) =>
            {
                var (id, begun) = (Guid.NewGuid().ToString(), clock.GetTimestamp());
                var caller = await BecomeCustomerAsync(http, dialect, id, vercel, clock, stop);
                var made = await ProvisionAsync(http, dialect, id, caller, isAwaited: false, clock, stop);
                lock (timings)
                    timings.Add(clock.GetElapsedTime(begun));
                await DeprovisionAsync(http, dialect, made, caller, clock, stop);
            });
        Write(string.Create(CultureInfo.InvariantCulture, $"The answer to a platform that does not wait, {customers} customers, {AtOnce} at once"), crowd.Select(w => w.Timings), native, whole);
    }

    /// <param name="whole">The two native calls that do what a dialect's one does.</param>
    static void Write(string title, IEnumerable<Timings> all, Timings native, Timings whole)
    {
        Console.WriteLine($"\n{title}\n\n| | times | p50 ms | p95 ms | p99 ms | p50, p95 to the native call | p50, p95 to both native calls |\n|---|---|---|---|---|---|---|");
        foreach (var timings in all)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {timings.Name} | {timings.Count} | {timings.Milliseconds(0.5):0} | {timings.Milliseconds(0.95):0} | {timings.Milliseconds(0.99):0} | {Ratios(timings, native)} | {Ratios(timings, whole)} |"));
    }

    static string Ratios(Timings timings, Timings to) =>
        string.Create(CultureInfo.InvariantCulture, $"{timings.Milliseconds(0.5) / to.Milliseconds(0.5):0.00}x, {timings.Milliseconds(0.95) / to.Milliseconds(0.95):0.00}x");

    static async Task<HttpClient> PlugInAsync(BenchHost host, ControlPlaneClient reseller, string dialect, string key, int waitSeconds, Uri vercel, CancellationToken cancel)
    {
        var settings = new IntegrationSettings(WaitSeconds: waitSeconds);
        if (dialect == "vercel")
            settings = settings with { ApiAddress = vercel, KeysAddress = vercel };
        var made = await reseller.AddIntegrationAsync(new AddIntegrationRequest(dialect, dialect, key, Settings: settings, Secrets: new IntegrationSecrets(RequestKey: RequestKey)), cancel);
        var http = host.Http();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:{made.Password}")));
        http.DefaultRequestHeaders.Add("X-Broker-API-Version", "2.17");
        http.DefaultRequestHeaders.Add("Bench-Key", key);
        if (dialect == "open_service_broker")
        {
            var service = (await http.GetFromJsonAsync<JsonElement>("osb/v2/catalog", cancel)).GetProperty("services")[0];
            http.DefaultRequestHeaders.Add("Bench-Service", service.GetProperty("id").GetString());
            http.DefaultRequestHeaders.Add("Bench-Plan", service.GetProperty("plans").EnumerateArray().First(p => p.GetProperty("name").GetString() == "free").GetProperty("id").GetString());
        }
        return http;
    }

    /// <summary>Where that is a call of its own, as on Vercel: somebody installs the integration.</summary>
    /// <returns>Who calls from then on; null for the integration itself.</returns>
    static async Task<AuthenticationHeaderValue?> BecomeCustomerAsync(HttpClient http, string dialect, string id, VercelKeys vercel, TimeProvider clock, CancellationToken cancel)
    {
        if (dialect != "vercel")
            return null;
        var caller = new AuthenticationHeaderValue("Bearer", vercel.Sign(First(http, "Bench-Key"), clock, id));
        await SendAsync(http, HttpMethod.Put, $"vercel/v1/installations/{id}", new { credentials = new { access_token = "vercel lets us in with this", token_type = "Bearer" } }, cancel, caller);
        return caller;
    }

    /// <returns>What the platform calls the resource from then on.</returns>
    static async Task<string> ProvisionAsync(HttpClient http, string dialect, string id, AuthenticationHeaderValue? caller, bool isAwaited, TimeProvider clock, CancellationToken cancel)
    {
        var key = First(http, "Bench-Key");
        switch (dialect)
        {
            case "heroku":
                await SendAsync(http, HttpMethod.Post, "heroku/resources", new { uuid = id, name = "bench", plan = "free" }, cancel);
                break;
            case "digital_ocean":
                await SendAsync(http, HttpMethod.Post, "digitalocean/resources", new { uuid = id, resource_name = "bench", app_slug = key, plan_slug = "free" }, cancel);
                break;
            case "clever_cloud":
                await SendAsync(http, HttpMethod.Post, "clever-cloud/resources", new { addon_id = id, owner_id = id, plan = "free" }, cancel);
                break;
            case "vercel":
                var made = await SendAsync(http, HttpMethod.Post, $"vercel/v1/installations/{id}/resources", new { productId = "faktory", name = "bench", billingPlanId = "free" }, cancel, caller);
                return $"{id}/resources/{JsonSerializer.Deserialize<JsonElement>(made).GetProperty("id").GetString()}";
            case "fly":
                await SendSignedAsync(http, HttpMethod.Post, $"fly/{key}/extensions", JsonSerializer.Serialize(new { id, name = "bench", organization_id = id, url = $"http://api/fly/{key}/extensions", timestamp = clock.GetUtcNow().ToUnixTimeSeconds() }), cancel);
                break;
            default:
                await SendAsync(http, HttpMethod.Put, $"osb/v2/service_instances/{id}?accepts_incomplete=true", new { service_id = First(http, "Bench-Service"), plan_id = First(http, "Bench-Plan"), organization_guid = id, space_guid = id }, cancel);
                while (isAwaited && (await http.GetFromJsonAsync<JsonElement>($"osb/v2/service_instances/{id}/last_operation", cancel)).GetProperty("state").GetString() == "in progress")
                    await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancel);
                break;
        }
        return id;
    }

    static Task DeprovisionAsync(HttpClient http, string dialect, string id, AuthenticationHeaderValue? caller, TimeProvider clock, CancellationToken cancel)
    {
        var key = First(http, "Bench-Key");
        var query = string.Create(CultureInfo.InvariantCulture, $"timestamp={clock.GetUtcNow().ToUnixTimeSeconds()}&url={Uri.EscapeDataString($"http://api/fly/{key}/extensions/{id}")}");
        return dialect switch
        {
            "heroku" => SendAsync(http, HttpMethod.Delete, $"heroku/resources/{id}", null, cancel),
            "digital_ocean" => SendAsync(http, HttpMethod.Delete, $"digitalocean/resources/{id}", null, cancel),
            "clever_cloud" => SendAsync(http, HttpMethod.Delete, $"clever-cloud/resources/{id}", null, cancel),
            "vercel" => SendAsync(http, HttpMethod.Delete, $"vercel/v1/installations/{id}", null, cancel, caller),
            "fly" => SendSignedAsync(http, HttpMethod.Delete, $"fly/{key}/extensions/{id}?{query}", null, cancel, query),
            _ => SendAsync(http, HttpMethod.Delete, $"osb/v2/service_instances/{id}?accepts_incomplete=true&service_id={First(http, "Bench-Service")}&plan_id={First(http, "Bench-Plan")}", null, cancel),
        };
    }

    /// <returns>The answer's body.</returns>
    static async Task<string> SendAsync(HttpClient http, HttpMethod method, string path, object? body, CancellationToken cancel, AuthenticationHeaderValue? caller = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        request.Headers.Authorization = caller;
        using var response = await http.SendAsync(request, cancel);
        var answer = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{method} {path}: {answer}");
    }

    static async Task SendSignedAsync(HttpClient http, HttpMethod method, string path, string? body, CancellationToken cancel, string? query = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(RequestKey), Encoding.UTF8.GetBytes(body ?? query!))));
        using var response = await http.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {await response.Content.ReadAsStringAsync(cancel)}");
    }

    static string First(HttpClient http, string header) => http.DefaultRequestHeaders.GetValues(header).First();
}
