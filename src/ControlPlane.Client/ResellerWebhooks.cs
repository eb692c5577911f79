using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>POST /v1/reseller/webhooks</summary>
/// <param name="Url">https, on port 443 or 8443, of a public host.</param>
/// <param name="Events">Any of the events that docs/resellers.md names; all when left out.</param>
public sealed record CreateWebhookRequest(
    [property: Required(ErrorMessage = "Enter an address."), MaxLength(500, ErrorMessage = "An address has at most 500 characters.")] string Url,
    IReadOnlyList<string>? Events = null);

/// <summary>PATCH /v1/reseller/webhooks/{id}: only what is given changes.</summary>
public sealed record UpdateWebhookRequest([property: MaxLength(500, ErrorMessage = "An address has at most 500 characters.")] string? Url = null, IReadOnlyList<string>? Events = null, bool? Disabled = null);

/// <summary>Where a reseller is told what happens.</summary>
/// <param name="PreviousSecretExpiresAt">Until when deliveries are signed with the secret before this one as well.</param>
public sealed record WebhookResource(string Id, string Url, IReadOnlyList<string> Events, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, DateTimeOffset? PreviousSecretExpiresAt);

/// <summary>A new endpoint, or an old one with a new secret, which is shown here and never again.</summary>
public sealed record WebhookSecretResponse(WebhookResource Webhook, string Secret);

/// <summary>One event on its way to one endpoint.</summary>
/// <param name="State">pending, delivered or dead.</param>
/// <param name="Status">What the endpoint answered last.</param>
/// <param name="Payload">The body as it is sent and signed.</param>
public sealed record DeliveryResource(
    string Id, string Webhook, string Type, string State, int Tries, int? Status, string? Error, DateTimeOffset? TriedAt, DateTimeOffset? NextTryAt, DateTimeOffset CreatedAt, DateTimeOffset? DeliveredAt, string Payload);
