using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ControlPlane.Api.Dialects;
using ControlPlane.Client;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Dialects.Doubles;
using ControlPlane.Tests.Hosting;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Tests.Dialects;

/// <summary>A call that some platform may make.</summary>
/// <param name="HasPassword">It is known by HTTP Basic.</param>
sealed record PlatformCall(Dialect Dialect, HttpMethod Method, string Path, bool HasPassword = false);

/// <summary>One reseller with an integration in every dialect, and each platform's words for the same wish.</summary>
sealed partial class EveryPlatform : IAsyncDisposable
{
    const string Installation = $"vercel/v1/installations/{VercelDouble.Installation}";
    readonly VercelDouble vercel;
    string customer = "", serviceId = "", planId = "";
    int ids;

    EveryPlatform(DialectWorld world, VercelDouble vercel) => (World, this.vercel) = (world, vercel);

    internal DialectWorld World { get; }

    internal static async Task<EveryPlatform> StartAsync(PostgresFixture postgres, bool isPlayed = true)
    {
        var vercel = await PlatformDouble.StartAsync<VercelDouble>();
        var settings = new ControlPlane.Core.Resellers.Platforms.PlatformSettings { ApiAddress = vercel.Address, KeysAddress = vercel.Keys, WaitSeconds = isPlayed ? 45 : 0 };
        var world = await DialectWorld.StartAsync(postgres, Dialect.Vercel, settings, isPlayed);
        foreach (var dialect in Enum.GetValues<Dialect>().Except([Dialect.Vercel, Dialect.Native]))
            await world.Server.AddIntegrationAsync(world.Reseller.Reseller, dialect, settings);
        var every = new EveryPlatform(world, vercel);
        every.customer = (await world.Reseller.Staff.Client.CreateManagedCustomerAsync(new CreateManagedCustomerRequest("acme-17", "Acme", "owner@acme.example"))).Id;
        using var installed = await every.SendAsync(new(Dialect.Vercel, HttpMethod.Put, Installation), Text(new { credentials = new { access_token = VercelDouble.AccessToken } }));
        await installed.ShouldBeAsync(201);
        using var catalog = await every.SendAsync(new(Dialect.OpenServiceBroker, HttpMethod.Get, "osb/v2/catalog"), null);
        var service = (await catalog.ShouldBeAsync(200))["services"]![0]!;
        (every.serviceId, every.planId) = (service.Text("id"), service["plans"]!.AsArray().Single(p => p!.Text("name") == "free")!.Text("id"));
        return every;
    }

    /// <summary>All that the Api maps for platforms.</summary>
    internal IReadOnlyList<PlatformCall> Calls() =>
    [
        .. from route in World.Server.Routes()
           let mark = route.Metadata.GetMetadata<DialectCall>()
           where mark is not null
           from method in route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select new PlatformCall(mark.Dialect, new HttpMethod(method), Parameter().Replace(route.RoutePattern.RawText!.TrimStart('/'), Value) + (mark.Dialect == Dialect.OpenServiceBroker ? "?accepts_incomplete=true" : ""), mark.Proof == "HTTP Basic"),
    ];

    internal Task<HttpResponseMessage> ProvisionAsync(Dialect dialect, string id, CancellationToken cancel = default) => dialect switch
    {
        Dialect.Native => PostAsync(dialect, "v1/reseller/instances", new { id, customer, plan = "free" }, cancel),
        Dialect.Heroku or Dialect.AddonsIo => PostAsync(dialect, $"{Prefix(dialect)}/resources", new { uuid = id, name = id, plan = "free", region = "us", something_new = 1 }, cancel),
        Dialect.DigitalOcean => PostAsync(dialect, $"{Prefix(dialect)}/resources", new { uuid = id, resource_name = id, app_slug = DialectWorld.Key, plan_slug = "free", something_new = 1 }, cancel),
        Dialect.CleverCloud => PostAsync(dialect, $"{Prefix(dialect)}/resources", new { addon_id = id, owner_id = $"orga_{id}", plan = "free", something_new = 1 }, cancel),
        Dialect.OpenServiceBroker => SendAsync(
            new(dialect, HttpMethod.Put, $"osb/v2/service_instances/{id}?accepts_incomplete=true"), Text(new { service_id = serviceId, plan_id = planId, organization_guid = $"org-{id}", space_guid = "s", something_new = 1 }), cancel: cancel),
        Dialect.Vercel => PostAsync(dialect, $"{Installation}/resources", new { productId = "faktory", name = id, billingPlanId = "free", somethingNew = 1 }, cancel),
        _ => SendAsync(new(dialect, HttpMethod.Post, Extensions), Proven(Extensions, new() { ["id"] = id, ["name"] = id, ["organization_id"] = $"org-{id}", ["something_new"] = 1 }), cancel: cancel),
    };

    /// <param name="address">What the platform calls the resource.</param>
    internal Task<HttpResponseMessage> GiveUpAsync(Dialect dialect, string address) => SendAsync(new(dialect, HttpMethod.Delete, dialect switch
    {
        Dialect.Native => $"v1/reseller/instances/{address}",
        Dialect.OpenServiceBroker => $"osb/v2/service_instances/{address}?service_id={serviceId}&plan_id={planId}&accepts_incomplete=true",
        Dialect.Vercel => $"{Installation}/resources/{address}",
        Dialect.Fly => $"{Extensions}/{address}",
        _ => $"{Prefix(dialect)}/resources/{address}",
    }), null);

    /// <summary>What stays the same in every answer about one resource, be it ready or not.</summary>
    internal static string Same(Dialect dialect, JsonNode answer) => dialect switch
    {
        Dialect.Native or Dialect.Vercel => answer.Text("id"),
        Dialect.OpenServiceBroker => answer.Text("dashboard_url"),
        _ => answer["config"].ShouldNotBeNull(answer.ToJsonString()).Text("FAKTORY_URL"),
    };

    /// <summary>With what the platform proves itself by, unless something else is given.</summary>
    internal async Task<HttpResponseMessage> SendAsync(PlatformCall call, string? body, (string Name, string Value)? instead = null, CancellationToken cancel = default)
    {
        var path = call.Path;
        if (call.Dialect == Dialect.Fly && body is null)
            path += $"{(path.Contains('?') ? "&" : "?")}timestamp={World.Now()}&url={Uri.EscapeDataString($"{World.Http.BaseAddress}{path}")}";
        using var request = new HttpRequestMessage(call.Method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (call.Dialect == Dialect.OpenServiceBroker)
            request.Headers.Add("X-Broker-API-Version", "2.17");
        var (name, value) = instead ?? Proof(call.Dialect, body ?? path[(path.IndexOf('?') + 1)..]);
        request.Headers.TryAddWithoutValidation(name, value);
        return await World.Browser.SendAsync(request, cancel);
    }

    /// <summary>A body for any call: a new id, a plan that there is, and everything else as given.</summary>
    internal string Filled(PlatformCall call, string value)
    {
        var id = $"x-{Interlocked.Increment(ref ids)}";
        string[] names = ["name", "resource_name", "owner_id", "owner_name", "region", "organization_guid", "space_guid", "organization_id", "organization_name", "app_guid", "predecessor_binding_id", "productId", "input", "type", "reason"];
        var body = new JsonObject(names.Select(n => KeyValuePair.Create(n, (JsonNode?)value)))
        {
            ["uuid"] = id,
            ["id"] = id,
            ["addon_id"] = id,
            ["plan"] = "free",
            ["plan_slug"] = "free",
            ["billingPlanId"] = "free",
            ["service_id"] = serviceId,
            ["plan_id"] = planId,
            ["parameters"] = new JsonObject { ["name"] = value, ["other"] = value },
            ["metadata"] = new JsonObject { ["other"] = value },
            ["payload"] = new JsonObject { ["resources_uuids"] = new JsonArray(value) },
            ["resourceIds"] = new JsonArray(value),
            ["credentials"] = new JsonObject { ["access_token"] = value },
            ["account"] = new JsonObject { ["name"] = value },
        };
        return Proven(call.Path, body);
    }

    (string Name, string Value) Proof(Dialect dialect, string signed) => dialect switch
    {
        Dialect.Native => ("Authorization", World.Reseller.Staff.Http.DefaultRequestHeaders.Authorization!.ToString()),
        Dialect.Vercel => ("Authorization", $"Bearer {vercel.Sign(World.Server.Clock)}"),
        Dialect.Fly => ("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(DialectWorld.RequestKey), Encoding.UTF8.GetBytes(signed)))),
        _ => ("Authorization", DialectWorld.Basic(DialectWorld.Key, DialectWorld.Password).ToString()),
    };

    string Proven(string path, JsonObject body)
    {
        (body["url"], body["timestamp"]) = ($"{World.Http.BaseAddress}{path}", World.Now());
        return body.ToJsonString();
    }

    Task<HttpResponseMessage> PostAsync(Dialect dialect, string path, object body, CancellationToken cancel) => SendAsync(new(dialect, HttpMethod.Post, path), Text(body), cancel: cancel);

    static string Text(object body) => JsonSerializer.Serialize(body, body.GetType());

    static string Prefix(Dialect dialect) => dialect switch { Dialect.Heroku => "heroku", Dialect.AddonsIo => "addons-io", Dialect.DigitalOcean => "digitalocean", _ => "clever-cloud" };

    static string Extensions => $"fly/{DialectWorld.Key}/extensions";

    static string Value(Match parameter) => parameter.Groups[1].Value switch { "key" => DialectWorld.Key, "iid" => VercelDouble.Installation, _ => "x-1" };

    [GeneratedRegex(@"\{(\w+)\??\}")]
    private static partial Regex Parameter();

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await vercel.DisposeAsync();
    }
}
