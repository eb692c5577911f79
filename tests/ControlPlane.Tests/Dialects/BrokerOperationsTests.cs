using System.Text.Json.Nodes;
using ControlPlane.Api.Dialects.ServiceBroker;
using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using ControlPlane.Tests.Resellers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Dialects;

/// <summary>What a platform that speaks Open Service Broker learns of what takes time, and what it cannot change any more.</summary>
public sealed class BrokerOperationsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_question_about_what_is_under_way_is_held_for_a_second_and_answered_the_moment_it_ends()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2027, 1, 4, 12, 0, 0, TimeSpan.Zero));
        await using var world = await BrokerWorld.StartAsync(postgres, isPlayed: false, clock);
        await world.PutAsync("i-1", 202);
        var waiting = world.World.Server.Services.GetRequiredService<WaitingRequests>();

        var patient = world.AskAsync("i-1/last_operation");
        await Wait.UntilAsync("the question is held", IsHeld);
        await Wait.UntilAsync("it is answered", () =>
        {
            clock.Advance(BrokerLastOperation.HeldFor);
            return patient.IsCompleted;
        });
        using (var early = await patient)
        {
            (await early.ShouldBeAsync(200)).Text("state").ShouldBe("in progress");
            early.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        }

        // Nobody moves the clock now.
        var lucky = world.AskAsync("i-1/last_operation");
        await Wait.UntilAsync("the question is held", IsHeld);
        await world.World.Server.ProvisionAsync((await world.World.ResourceAsync("i-1")).InstanceId.ToString());
        using var ended = await lucky;
        (await ended.ShouldBeAsync(200)).Text("state").ShouldBe("succeeded");
        ended.Headers.RetryAfter.ShouldBeNull();

        bool IsHeld()
        {
            using var place = waiting.TryEnter(1);
            return place is null;
        }
    }

    [Fact]
    public async Task What_has_failed_says_so_and_an_operation_of_something_else_is_none()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        await world.MakeAsync("i-2");
        var foreign = (await world.World.ResourceAsync("i-2")).OperationId.ToString();
        world.Runner.FailFromNowOn();
        var operation = (await world.PutAsync("i-1", 202)).Text("operation");

        JsonNode said = new JsonObject();
        await Wait.UntilAsync("it has failed", async () => (said = await world.GetAsync("i-1/last_operation", 200, operation)).Text("state") == "failed");

        said.Text("description").ShouldBe("The machine is broken.");
        (await world.PutAsync("i-1", 202)).Text("operation").ShouldBe(operation);
        await world.SendAsync(HttpMethod.Get, "i-1", null, 404);
        await world.GetAsync("i-1/last_operation", 400, foreign);
        await world.GetAsync("i-1/last_operation", 400, "op_made-up");
        await world.GetAsync("i-1/service_bindings/b-9/last_operation", 404, operation);
        // The platform cleans up.
        await world.DeleteAsync("i-1", 202);
        await world.PutAsync("i-1", 409);
    }

    [Fact]
    public async Task The_same_id_with_any_other_attribute_is_a_conflict()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        await world.MakeAsync("i-1");
        foreach (var (name, value) in ((string, JsonNode)[])
        [
            ("plan_id", world.Plans["pro"]), ("organization_guid", "org-2"), ("space_guid", "space-2"), ("parameters", new JsonObject { ["name"] = "other" }), ("parameters", new JsonObject { ["name"] = "orders", ["new"] = 1 }),
            ("parameters", new JsonObject()),
        ])
            await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", world.Body((name, value)), 409);

        await world.SendAsync(HttpMethod.Put, "i-1?accepts_incomplete=true", world.Body(("something_new", false)), 200);
        (await world.InstancesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_binding_is_taken_back_while_it_is_made_and_its_id_stays_used()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        await world.MakeAsync("i-1");
        var address = $"i-1/service_bindings/b-1?service_id={world.Service}&plan_id={world.Plans["free"]}&accepts_incomplete=true";
        world.Runner.Hold();
        await world.SendAsync(HttpMethod.Put, "i-1/service_bindings/b-1?accepts_incomplete=true", world.Binding(), 202);

        await world.SendAsync(HttpMethod.Delete, "i-1/service_bindings/b-1?accepts_incomplete=true", null, 400);
        var unbinding = (await world.SendAsync(HttpMethod.Delete, address, null, 202)).Text("operation");
        await world.SendAsync(HttpMethod.Delete, address, null, 410);
        world.Runner.Release();

        await Wait.UntilAsync("it is unbound", async () => await world.StatusAsync($"i-1/service_bindings/b-1/last_operation?operation={unbinding}") == 410);
        (await world.PasswordsAsync()).ShouldBeEmpty();
        await world.BindAsync("b-1", 409);
        await world.SendAsync(HttpMethod.Put, "i-1/service_bindings/b-2", new JsonObject { ["service_id"] = world.Service }, 400);
        await world.SendAsync(HttpMethod.Put, "i-1/service_bindings/b-2", world.Binding(("plan_id", "none")), 400);
        await world.SendAsync(HttpMethod.Delete, $"i-9/{address[4..]}", null, 410);
    }

    [Fact]
    public async Task An_update_that_is_refused_leaves_the_instance_usable_and_says_so()
    {
        await using var world = await BrokerWorld.StartAsync(postgres);
        await world.MakeAsync("i-1");
        await world.SendAsync(HttpMethod.Patch, "i-1?accepts_incomplete=true", new JsonObject { ["plan_id"] = world.Plans["pro"] }, 400);
        await world.SendAsync(HttpMethod.Patch, "i-1?accepts_incomplete=true", new JsonObject { ["service_id"] = world.Service, ["plan_id"] = "none" }, 400);
        await world.SendAsync(HttpMethod.Patch, "i-1", new JsonObject { ["service_id"] = world.Service }, 200);
        await (await world.World.Server.OperatorAsync()).Client.SuspendResellerAsync(world.World.Reseller.Reseller.Id.ToString(), new ReasonRequest("contract ended"));

        var refused = await world.PatchAsync("i-1", "pro", 422);

        (refused["instance_usable"]!.GetValue<bool>(), refused["update_repeatable"]!.GetValue<bool>()).ShouldBe((true, true));
        refused.Text("description").ShouldContain("suspended");
        (await world.SendAsync(HttpMethod.Get, "i-1", null, 200)).Text("plan_id").ShouldBe(world.Plans["free"]);
        await world.PutAsync("i-3", 422);
    }
}
