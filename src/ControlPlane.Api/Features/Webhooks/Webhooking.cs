using System.Buffers.Text;
using System.Security.Cryptography;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>What the calls about webhooks share. Every look-up names the reseller.</summary>
static class Webhooking
{
    internal static readonly Problem NotFound = new("webhook_not_found", 404, "There is no webhook with this id.");
    internal static readonly Problem DeliveryNotFound = new("delivery_not_found", 404, "There is no delivery with this id.");
    internal static readonly Problem UrlInvalid = new("invalid_url", 400, "A webhook's address is https, on port 443 or 8443, of a public host, and holds no password.");
    internal static readonly Problem EventsInvalid = new("invalid_events", 400, $"Events are any of {string.Join(", ", WebhookEvents.All)}.");
    internal static readonly Problem TooMany = new("webhook_quota_reached", 409, "You have 20 webhooks. Delete one that is no longer needed.");

    /// <summary>How long deliveries are signed with the old secret as well, after a new one was made.</summary>
    internal static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    internal static Task<WebhookEndpoint?> FindWebhookAsync(this ControlPlaneDb db, ResellerCaller by, string id, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        return WebhookId.TryParse(id, out var webhook) ? db.WebhookEndpoints.SingleOrDefaultAsync(e => e.Id == webhook && e.ResellerId == reseller, cancel) : Task.FromResult<WebhookEndpoint?>(null);
    }

    internal static Task<WebhookDelivery?> FindDeliveryAsync(this ControlPlaneDb db, ResellerCaller by, string id, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        return DeliveryId.TryParse(id, out var delivery) ? db.WebhookDeliveries.SingleOrDefaultAsync(d => d.Id == delivery && d.ResellerId == reseller, cancel) : Task.FromResult<WebhookDelivery?>(null);
    }

    internal static (string Secret, string Sealed) NewSecret(SecretSealer sealer, OrganizationId organization, WebhookId webhook)
    {
        var secret = "whs_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (secret, sealer.Seal(organization, SecretPurposes.WebhookSecret, webhook.ToString(), secret));
    }
}
