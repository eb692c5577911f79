using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Resellers.Webhooks;

/// <summary>What an operation <see cref="OperationKinds.ResellerNotify"/> is about.</summary>
/// <param name="Operation">The one whose end is told.</param>
/// <param name="Type">The event where it worked.</param>
public sealed record NotifyData(string Resource, string Operation, string Type);

/// <summary>What an operation <see cref="OperationKinds.WebhookDeliver"/> is about.</summary>
public sealed record DeliverData(string Delivery);

public static class Delivering
{
    /// <summary>One delivery, and the operation that sends it, for each endpoint that wants the event. In the fleet's scope; the caller saves.</summary>
    public static async Task<int> AddDeliveriesAsync(this ControlPlaneDb db, ResellerId reseller, string type, object data, TimeProvider clock, CancellationToken cancel)
    {
        var endpoints = await db.WebhookEndpoints.Where(e => e.ResellerId == reseller && e.DisabledAt == null).ToListAsync(cancel);
        var wanting = endpoints.Where(e => e.Wants(type)).ToList();
        foreach (var endpoint in wanting)
            db.AddDelivery(endpoint, type, data, clock);
        return wanting.Count;
    }

    public static WebhookDelivery AddDelivery(this ControlPlaneDb db, WebhookEndpoint endpoint, string type, object data, TimeProvider clock)
    {
        var (id, now) = (DeliveryId.New(clock), clock.GetUtcNow());
        var body = new JsonObject { ["id"] = id.ToString(), ["type"] = type, ["created_at"] = now.ToString("O"), ["data"] = JsonSerializer.SerializeToNode(data) };
        var delivery = new WebhookDelivery
        {
            Id = id,
            WebhookId = endpoint.Id,
            ResellerId = endpoint.ResellerId,
            OrganizationId = endpoint.OrganizationId,
            Type = type,
            Payload = body.ToJsonString(),
            NextTryAt = now,
            CreatedAt = now,
        };
        db.WebhookDeliveries.Add(delivery);
        db.File(OperationKinds.WebhookDeliver, endpoint.OrganizationId, id.ToString(), new DeliverData(id.ToString()), clock);
        return delivery;
    }
}
