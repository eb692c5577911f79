using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Client;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Provisioner.Webhooks;

namespace ControlPlane.Tests.Resellers;

/// <summary>From a command to the reseller's own server, step by step as the Provisioner's runner would.</summary>
public sealed class WebhookDeliveryTests(PostgresFixture postgres)
{
    static readonly DateTimeOffset start = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_finished_command_is_told_signed_and_once()
    {
        var clock = new FakeTimeProvider(start);
        await using var world = await ResellerWorld.StartAsync(postgres, clock: clock, settings: "--Webhooks:AllowedNetworks:0=127.0.0.0/8");
        await using var receiver = await Receiver.StartAsync();
        var hook = await world.Staff.Client.CreateWebhookAsync(new CreateWebhookRequest(receiver.Url.ToString()));
        var made = await world.ProvisionAsync("r-1");
        await world.Server.ProvisionAsync(made.Resource!.InstanceId.ToString());

        (await RunAsync(world, OperationKinds.ResellerNotify, new NotifyReseller())).ShouldBe(1);
        await RunAsync(world, OperationKinds.WebhookDeliver);

        var deliveries = receiver.Received.ToList();
        var provisioned = deliveries.Single(d => JsonNode.Parse(d.Body)!["type"]!.GetValue<string>() == "resource.provisioned");
        WebhookSignature.IsValid(provisioned.Signature, provisioned.Body, hook.Secret, clock.GetUtcNow()).ShouldBeTrue();
        JsonNode.Parse(provisioned.Body)!["data"]!["external_id"]!.GetValue<string>().ShouldBe("r-1");
        deliveries.Select(d => JsonNode.Parse(d.Body)!["type"]!.GetValue<string>()).Order().ShouldBe(["customer.created", "resource.provisioned"]);
        (await world.Staff.Client.ListDeliveriesAsync("delivered")).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_for_three_days_then_dead_and_can_be_sent_by_hand()
    {
        var clock = new FakeTimeProvider(start);
        await using var world = await ResellerWorld.StartAsync(postgres, clock: clock, settings: "--Webhooks:AllowedNetworks:0=127.0.0.0/8");
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        var hook = await world.Staff.Client.CreateWebhookAsync(new CreateWebhookRequest(receiver.Url.ToString()));
        var sent = await world.Staff.Client.TestWebhookAsync(hook.Webhook.Id);

        var tries = 0;
        while ((await world.Staff.Client.GetDeliveryAsync(sent.Id)) is { State: "pending" } pending)
        {
            if (pending.NextTryAt > clock.GetUtcNow())
                clock.Advance(pending.NextTryAt.Value - clock.GetUtcNow());
            await RunAsync(world, OperationKinds.WebhookDeliver);
            (++tries).ShouldBeLessThan(40);
        }

        var dead = (await world.Staff.Client.ListDeliveriesAsync("dead", hook.Webhook.Id)).Items.ShouldHaveSingleItem();
        (dead.Status, dead.Error).ShouldBe((500, "The endpoint answered 500."));
        (clock.GetUtcNow() - start).ShouldBeInRange(TimeSpan.FromDays(3), TimeSpan.FromDays(3.5));
        tries.ShouldBeInRange(15, 30);

        receiver.Answer = _ => Task.CompletedTask;
        await world.Staff.Client.RedeliverAsync(sent.Id);
        await world.Staff.Client.RedeliverAsync(sent.Id).ShouldBeRefusedAsync("delivery_pending");
        await RunAsync(world, OperationKinds.WebhookDeliver);
        (await world.Staff.Client.GetDeliveryAsync(sent.Id)).State.ShouldBe("delivered");
        receiver.Received.Select(r => r.Body).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Another_resellers_webhooks_do_not_exist()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var other = await world.Server.AddResellerAsync(name: "Other");
        var hook = await other.Staff.Client.CreateWebhookAsync(new CreateWebhookRequest("https://hooks.example.com/x"));
        var sent = await other.Staff.Client.TestWebhookAsync(hook.Webhook.Id);

        await world.Staff.Client.TestWebhookAsync(hook.Webhook.Id).ShouldBeRefusedAsync("webhook_not_found");
        await world.Staff.Client.DeleteWebhookAsync(hook.Webhook.Id).ShouldBeRefusedAsync("webhook_not_found");
        await world.Staff.Client.GetDeliveryAsync(sent.Id).ShouldBeRefusedAsync("delivery_not_found");
        (await world.Staff.Client.ListDeliveriesAsync()).Items.ShouldBeEmpty();
        await world.Staff.Client.CreateWebhookAsync(new CreateWebhookRequest("https://127.0.0.1/")).ShouldBeRefusedAsync("invalid_url");
    }

    /// <summary>Takes one step of each unfinished operation of a kind.</summary>
    static async Task<int> RunAsync(ResellerWorld world, OperationKind kind, Workflow? workflow = null)
    {
        using var sender = new WebhookSender(Options.Create(Receiver.Allowed), Dns.GetHostAddressesAsync);
        workflow ??= new DeliverWebhook(sender, world.Server.Services.GetRequiredService<SecretSealer>(), Options.Create(Receiver.Allowed), new Random(1));
        await using var fleet = world.Server.Fleet();
        var due = await fleet.Db.Operations.Where(o => o.Kind == kind.Name && o.FinishedAt == null).OrderBy(o => o.Id).ToListAsync();
        foreach (var operation in due)
        {
            if (await workflow.RunAsync(new StepContext(operation, fleet.Db, world.Server.Clock), CancellationToken.None) == StepResult.Finished)
                (operation.State, operation.FinishedAt) = (OperationState.Succeeded, world.Server.Clock.GetUtcNow());
            await fleet.Db.SaveChangesAsync();
        }
        return due.Count;
    }
}
