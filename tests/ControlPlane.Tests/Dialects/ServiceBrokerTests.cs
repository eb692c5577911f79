using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Dialects;

public sealed class ServiceBrokerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_catalog_names_every_plan_and_is_sent_once()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.OpenServiceBroker, isPlayed: false);
        using var request = Request(HttpMethod.Get, "osb/v2/catalog");
        using var response = await world.Http.SendAsync(request);
        var service = (await response.ShouldBeAsync(200))["services"]!.AsArray().Single()!;
        using var again = Request(HttpMethod.Get, "osb/v2/catalog", null, ("If-None-Match", response.Headers.ETag!.ToString()));
        using var unchanged = await world.Http.SendAsync(again);

        await unchanged.ShouldBeAsync(304);
        service.Text("name").ShouldBe("faktory");
        ((string[])["bindable", "instances_retrievable", "bindings_retrievable", "plan_updateable"]).ShouldAllBe(fact => service[fact]!.GetValue<bool>());
        service["allow_context_updates"]!.GetValue<bool>().ShouldBeFalse();
        service["plans"]!.AsArray().ShouldAllBe(p => p!["binding_rotatable"]!.GetValue<bool>() && p["maximum_polling_duration"]!.GetValue<int>() > 0 && p["schemas"] != null && p.Text("description").Length > 0);
        service["plans"]!.AsArray().Where(p => p!["free"]!.GetValue<bool>()).Select(p => p!.Text("name")).ShouldBe(["free"]);
        service["plans"]!.AsArray().Select(p => p!.Text("name")).ShouldContain("pro");
        service["plans"]!.AsArray().Select(p => p!.Text("id")).Distinct().Count().ShouldBe(service["plans"]!.AsArray().Count);
        service["plans"]![0]!["maintenance_info"]!.Text("version").ShouldBe("1.0.0");
    }

    [Fact]
    public async Task Headers_decide_whether_a_request_is_looked_at()
    {
        await using var world = await DialectWorld.StartAsync(postgres, Dialect.OpenServiceBroker, isPlayed: false);
        foreach (var (version, status) in ((string?, int)[])[(null, 412), ("2.12", 412), ("2.18", 412), ("1.14", 412), ("two", 412), ("2.13", 200), ("2.15", 200), ("2.17", 200)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "osb/v2/catalog");
            if (version is not null)
                request.Headers.Add("X-Broker-API-Version", version);
            request.Headers.Add("X-Broker-API-Request-Identity", "e26cee84-6b38-4456-b34e-d1a9f002c956");
            using var response = await world.Http.SendAsync(request);
            await response.ShouldBeAsync(status);
            response.Headers.GetValues("X-Broker-API-Request-Identity").Single().ShouldBe("e26cee84-6b38-4456-b34e-d1a9f002c956");
        }
        using var stranger = await world.Stranger.SendAsync(Request(HttpMethod.Get, "osb/v2/catalog"));
        await stranger.ShouldBeAsync(401);
        using var garbled = await world.Http.SendAsync(Request(HttpMethod.Get, "osb/v2/catalog", null, ("X-Broker-API-Originating-Identity", "cloudfoundry nonsense")));
        await garbled.ShouldBeAsync(400);
    }

    [Fact]
    public async Task An_instance_is_made_asynchronously_and_a_request_that_is_sent_again_has_the_same_operation()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        world.Runner.Hold();

        (await world.PutAsync("i-1", 422, incomplete: false)).Text("error").ShouldBe("AsyncRequired");
        var first = await world.PutAsync("i-1", 202);
        var again = await world.PutAsync("i-1", 202);
        var working = await world.GetAsync("i-1/last_operation", 200, first.Text("operation"));
        await world.SendAsync(HttpMethod.Get, "i-1", null, 404);
        (await world.PutAsync("i-1", 409, plan: "pro"))["description"].ShouldNotBeNull();
        world.Runner.Release();
        await world.SucceedAsync("i-1");

        again.Text("operation").ShouldBe(first.Text("operation"));
        first.Text("dashboard_url").ShouldContain("/instances/ins_");
        working.Text("state").ShouldBe("in progress");
        await world.PutAsync("i-1", 200);
        await world.PutAsync("i-1", 200, incomplete: false);
        var shown = await world.SendAsync(HttpMethod.Get, "i-1", null, 200);
        (shown.Text("service_id"), shown.Text("plan_id")).ShouldBe((world.Service, world.Plans["free"]));
        shown["parameters"]!.Text("name").ShouldBe("orders");
        (await world.InstancesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_cannot_be_is_refused_as_the_specification_says()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);

        foreach (var field in (string[])["service_id", "plan_id", "organization_guid", "space_guid"])
        {
            var body = world.Body();
            body.Remove(field);
            await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", body, 400);
        }
        await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", world.Body(("plan_id", "other")), 400);
        await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", world.Body(("parameters", new JsonObject { ["region"] = "moon" })), 400);
        await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", world.Body(("parameters", new JsonObject { ["region"] = 7 })), 400);
        (await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", world.Body(("maintenance_info", new JsonObject { ["version"] = "0.9.0" })), 422)).Text("error").ShouldBe("MaintenanceInfoConflict");
        await world.SendAsync(HttpMethod.Patch, "i-9?accepts_incomplete=true", new JsonObject { ["service_id"] = world.Service }, 404);
        await world.SendAsync(HttpMethod.Delete, "i-9?accepts_incomplete=true", null, 400);
        await world.DeleteAsync("i-9", 410);
        await world.SendAsync(HttpMethod.Get, "i-9/last_operation", null, 404);
        (await world.InstancesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Plans_change_one_at_a_time()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        await world.MakeAsync("i-1");

        (await world.PatchAsync("i-1", "pro", 422, incomplete: false)).Text("error").ShouldBe("AsyncRequired");
        world.Runner.Hold();
        var change = await world.PatchAsync("i-1", "pro", 202);
        (await world.PatchAsync("i-1", "pro", 202)).Text("operation").ShouldBe(change.Text("operation"));
        (await world.PatchAsync("i-1", "free", 422)).Text("error").ShouldBe("ConcurrencyError");
        (await world.PutAsync("i-1", 422)).Text("error").ShouldBe("ConcurrencyError");
        (await world.SendAsync(HttpMethod.Get, "i-1", null, 422)).Text("error").ShouldBe("ConcurrencyError");
        world.Runner.Release();
        await world.SucceedAsync("i-1", change.Text("operation"));

        await world.PatchAsync("i-1", "pro", 200);
        (await world.SendAsync(HttpMethod.Get, "i-1", null, 200)).Text("plan_id").ShouldBe(world.Plans["pro"]);
        await world.SendAsync(HttpMethod.Patch, "i-1?accepts_incomplete=true", new JsonObject { ["service_id"] = world.Service, ["parameters"] = new JsonObject { ["name"] = "x" } }, 400);
        (await world.SendAsync(HttpMethod.Patch, "i-1?accepts_incomplete=true", world.Body(("maintenance_info", new JsonObject { ["version"] = "0.9.0" }), ("parameters", new JsonObject())), 422)).Text("error").ShouldBe("MaintenanceInfoConflict");
    }

    [Fact]
    public async Task A_delete_during_provisioning_stops_it_and_leaves_nothing()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        world.Runner.Hold();
        await world.PutAsync("i-1", 202);

        await world.DeleteAsync("i-1", 422, incomplete: false);
        var operation = (await world.DeleteAsync("i-1", 202)).Text("operation");
        await Wait.UntilAsync("the instance is gone", async () => (await world.ReadAsync(db => db.Instances.AsNoTracking().SingleAsync())).State == InstanceState.Deleted);
        await Wait.UntilAsync("its operation has ended", async () => (await world.ReadAsync(db => db.Operations.CountAsync(o => o.Subject.StartsWith("ins_") && o.FinishedAt == null))) == 0);

        await world.SendAsync(HttpMethod.Get, $"i-1/last_operation?operation={operation}", null, 410);
        await world.DeleteAsync("i-1", 410);
        await world.SendAsync(HttpMethod.Get, "i-1", null, 404);
        await world.PutAsync("i-1", 409);
    }

    [Fact]
    public async Task Each_binding_has_a_password_of_its_own_and_both_of_a_rotation_work()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        await world.MakeAsync("i-1");

        var old = await world.BindAsync("b-1", 201);
        (await world.BindAsync("b-1", 200))["credentials"]!.Text("password").ShouldBe(old["credentials"]!.Text("password"));
        await world.BindAsync("b-1", 409, ("app_guid", "another"));
        var rotated = await world.BindAsync("b-2", 201, ("predecessor_binding_id", "b-1"));
        await world.BindAsync("b-3", 400, ("predecessor_binding_id", "b-0"));

        rotated["credentials"]!.Text("password").ShouldNotBe(old["credentials"]!.Text("password"));
        rotated["credentials"]!.Text("uri").ShouldContain(rotated["credentials"]!.Text("password"));
        rotated["endpoints"]![0]!.Text("host").ShouldBe("127.0.0.1");
        (await world.PasswordsAsync()).ShouldBe([old["credentials"]!.Text("password"), rotated["credentials"]!.Text("password")], ignoreOrder: true);
        await world.UnbindAsync("b-1", 200);
        await world.UnbindAsync("b-1", 410);
        (await world.PasswordsAsync()).ShouldBe([rotated["credentials"]!.Text("password")]);
        await world.SendAsync(HttpMethod.Get, "i-1/service_bindings/b-1", null, 404);
        (await world.SendAsync(HttpMethod.Get, "i-1/service_bindings/b-2", null, 200))["credentials"]!.Text("password").ShouldBe(rotated["credentials"]!.Text("password"));
    }

    [Fact]
    public async Task A_binding_that_takes_time_shows_no_credentials_before_it_works()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        await world.SendAsync(HttpMethod.Put, "i-1/service_bindings/b-1?accepts_incomplete=true", world.Binding(), 404);
        await world.MakeAsync("i-1");
        world.Runner.Hold();

        var accepted = await world.SendAsync(HttpMethod.Put, "i-1/service_bindings/b-1?accepts_incomplete=true", world.Binding(), 202);
        var again = await world.SendAsync(HttpMethod.Put, "i-1/service_bindings/b-1?accepts_incomplete=true", world.Binding(), 202);
        accepted["credentials"].ShouldBeNull();
        again.Text("operation").ShouldBe(accepted.Text("operation"));
        (await world.GetAsync("i-1/service_bindings/b-1/last_operation", 200, accepted.Text("operation"))).Text("state").ShouldBe("in progress");
        await world.SendAsync(HttpMethod.Get, "i-1/service_bindings/b-1", null, 404);
        world.Runner.Release();
        await world.SucceedAsync("i-1/service_bindings/b-1");

        await world.SendAsync(HttpMethod.Get, "i-1/service_bindings/b-1", null, 200);
        var unbinding = (await world.SendAsync(HttpMethod.Delete, $"i-1/service_bindings/b-1?service_id={world.Service}&plan_id={world.Plans["free"]}&accepts_incomplete=true", null, 202)).Text("operation");
        await Wait.UntilAsync("it is unbound", async () => await world.StatusAsync($"i-1/service_bindings/b-1/last_operation?operation={unbinding}") == 410);
    }

    [Fact]
    public async Task Who_asked_on_the_platform_stands_in_the_customers_audit_log()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        var identity = Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"user_id\":\"683ea748\"}"));

        (string, string) by = ("X-Broker-API-Originating-Identity", $"cloudfoundry {identity}");
        var names = $"service_id={world.Service}&plan_id={world.Plans["free"]}";
        await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", world.Body(), 202, by);
        await world.SucceedAsync("i-1");
        await world.SendAsync(HttpMethod.Put, "i-1/service_bindings/b-1", world.Binding(), 201, by);
        await world.SendAsync(HttpMethod.Delete, $"i-1/service_bindings/b-1?{names}", null, 200, by);
        var update = (await world.SendAsync(HttpMethod.Patch, "i-1?accepts_incomplete=true", new JsonObject { ["service_id"] = world.Service, ["plan_id"] = world.Plans["pro"] }, 202, by)).Text("operation");
        await world.SucceedAsync("i-1", update);
        await world.SendAsync(HttpMethod.Delete, $"i-1?{names}&accepts_incomplete=true", null, 202, by);

        var entries = await world.ReadAsync(db => db.AuditEntries.Where(e => e.Action.StartsWith("platform.")).OrderBy(e => e.At).ToListAsync());
        entries.Select(e => e.Action).ShouldBe(["platform.provision", "platform.bind", "platform.unbind", "platform.update", "platform.deprovision"]);
        entries.ShouldAllBe(e => e.Detail!.Contains("683ea748"));
        var customer = (await world.World.ResourceAsync("i-1")).OrganizationId;
        entries.ShouldAllBe(e => e.OrganizationId == customer);
    }

    static HttpRequestMessage Request(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { { "X-Broker-API-Version", "2.17" } } };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
