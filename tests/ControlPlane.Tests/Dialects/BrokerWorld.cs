using System.Text.Json.Nodes;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Dialects;

/// <summary>The Api as a platform sees it that speaks Open Service Broker 2.17.</summary>
sealed class BrokerWorld : IAsyncDisposable
{
    BrokerWorld(DialectWorld world, JsonNode service)
    {
        World = world;
        Service = service.Text("id");
        Plans = service["plans"]!.AsArray().ToDictionary(p => p!.Text("name"), p => p!.Text("id"));
    }

    internal DialectWorld World { get; }
    internal PlatformRunner Runner => World.Runner!;
    internal string Service { get; }

    /// <summary>Our key → the catalog's id.</summary>
    internal IReadOnlyDictionary<string, string> Plans { get; }

    internal static async Task<BrokerWorld> StartAsync(PostgresFixture postgres, bool isPlayed = true, TimeProvider? clock = null)
    {
        var world = await DialectWorld.StartAsync(postgres, Dialect.OpenServiceBroker, isPlayed: isPlayed, clock: clock);
        var catalog = await world.SendAsync(HttpMethod.Get, "osb/v2/catalog", null, 200, ("X-Broker-API-Version", "2.17"));
        return new BrokerWorld(world, catalog["services"]![0]!);
    }

    internal Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, int status, params (string Name, string Value)[] headers) =>
        World.SendAsync(method, $"osb/v2/service_instances/{path}", body, status, [("X-Broker-API-Version", "2.17"), .. headers]);

    internal async Task<HttpResponseMessage> AskAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"osb/v2/service_instances/{path}") { Headers = { { "X-Broker-API-Version", "2.17" } } };
        return await World.Http.SendAsync(request);
    }

    internal async Task<int> StatusAsync(string path)
    {
        using var response = await AskAsync(path);
        return (int)response.StatusCode;
    }

    internal JsonObject Body(params (string Name, JsonNode? Value)[] changes)
    {
        var body = new JsonObject
        {
            ["service_id"] = Service,
            ["plan_id"] = Plans["free"],
            ["organization_guid"] = "org-1",
            ["space_guid"] = "space-1",
            ["context"] = new JsonObject { ["platform"] = "cloudfoundry", ["organization_name"] = "Shop", ["instance_name"] = "jobs", ["new"] = 1 },
            ["parameters"] = new JsonObject { ["name"] = "orders" },
            ["something_new"] = true,
        };
        foreach (var (name, value) in changes)
            body[name] = value;
        return body;
    }

    internal JsonObject Binding(params (string Name, string Value)[] changes)
    {
        var body = new JsonObject { ["service_id"] = Service, ["plan_id"] = Plans["free"], ["app_guid"] = "app-1", ["bind_resource"] = new JsonObject { ["app_guid"] = "app-1" } };
        foreach (var (name, value) in changes)
            body[name] = value;
        return body;
    }

    internal Task<JsonNode> PutAsync(string id, int status, string plan = "free", bool incomplete = true) =>
        SendAsync(HttpMethod.Put, Async(id, incomplete), Body(("plan_id", Plans[plan])), status);

    internal Task<JsonNode> PatchAsync(string id, string plan, int status, bool incomplete = true) =>
        SendAsync(HttpMethod.Patch, Async(id, incomplete), new JsonObject { ["service_id"] = Service, ["plan_id"] = Plans[plan], ["previous_values"] = new JsonObject { ["plan_id"] = Plans["free"] } }, status);

    internal Task<JsonNode> DeleteAsync(string id, int status, bool incomplete = true) =>
        SendAsync(HttpMethod.Delete, $"{id}?service_id={Service}&plan_id={Plans["free"]}{(incomplete ? "&accepts_incomplete=true" : "")}", null, status);

    internal Task<JsonNode> GetAsync(string path, int status, string operation) => SendAsync(HttpMethod.Get, $"{path}?operation={operation}", null, status);

    internal Task<JsonNode> BindAsync(string id, int status, params (string Name, string Value)[] changes) => SendAsync(HttpMethod.Put, $"i-1/service_bindings/{id}", Binding(changes), status);

    internal Task<JsonNode> UnbindAsync(string id, int status) => SendAsync(HttpMethod.Delete, $"i-1/service_bindings/{id}?service_id={Service}&plan_id={Plans["free"]}", null, status);

    /// <summary>An instance that is ready.</summary>
    internal async Task MakeAsync(string id)
    {
        await PutAsync(id, 202);
        await SucceedAsync(id);
    }

    /// <summary>Polls as platforms do.</summary>
    internal Task SucceedAsync(string path, string? operation = null) => Wait.UntilAsync($"the operation on {path} has succeeded", async () =>
        (await SendAsync(HttpMethod.Get, $"{path}/last_operation{(operation is null ? "" : $"?operation={operation}")}", null, 200)).Text("state") == "succeeded");

    internal Task<T> ReadAsync<T>(Func<ControlPlaneDb, Task<T>> read) => World.ReadAsync(read);

    internal Task<int> InstancesAsync() => World.InstancesAsync();

    /// <summary>Of the bindings of the only instance.</summary>
    internal async Task<IEnumerable<string>> PasswordsAsync()
    {
        var instance = await ReadAsync(db => db.Instances.AsNoTracking().SingleAsync());
        return World.Server.Services.GetRequiredService<SecretSealer>().OpenKeys(instance).Values;
    }

    static string Async(string id, bool incomplete) => incomplete ? $"{id}?accepts_incomplete=true" : id;

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
