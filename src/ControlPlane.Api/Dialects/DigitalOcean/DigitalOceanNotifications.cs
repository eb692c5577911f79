using System.Text;
using System.Text.Json;
using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.DigitalOcean;

/// <summary>POST /digitalocean/notifications: what DigitalOcean has decided about resources.</summary>
static class DigitalOceanNotifications
{
    sealed record Resource(string? Uuid);

    /// <param name="ResourcesUuids">Of everything but resources.updated, which is about one.</param>
    sealed record Payload(IReadOnlyList<string>? ResourcesUuids, Resource? Resource);

    /// <param name="Payload">An object, or one as text: DigitalOcean's own example reads it out of a string.</param>
    sealed record Notification(string? Type, JsonElement? Payload);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapAddOn($"{DigitalOceanResources.Prefix}/notifications", Dialect.DigitalOcean, DigitalOceanResources.Replies).MapPost("/", HearAsync);

    static async Task<IResult> HearAsync(HttpContext http, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Notification>(http.Request, DialectJson.Snake, cancel) is not { Type: { } type } body)
            return DigitalOceanResources.Replies.Say(422, "The notification must have a type.");
        foreach (var id in Resources(body.Payload))
        {
            var request = new ResourceRequest(id);
            // Each is told at least once, and not in order of anything: what is so already stays so, and what is gone is not missed.
            _ = type switch
            {
                "resources.suspended" => await commands.SuspendAsync(by, request, cancel),
                "resources.reactivated" => await commands.ResumeAsync(by, request, cancel),
                // Its customer has given it up there, and our answer to that did not arrive.
                "resources.deprovisioning.failed" => await commands.DeprovisionAsync(by, request, cancel),
                _ => null,
            };
            await db.NoteAsync(by, id, type, clock, cancel);
        }
        return Results.NoContent();
    }

    static IEnumerable<string> Resources(JsonElement? given)
    {
        var text = given is { ValueKind: JsonValueKind.String } quoted ? quoted.GetString()! : given?.GetRawText() ?? "";
        var payload = DialectJson.Parse<Payload>(Encoding.UTF8.GetBytes(text), DialectJson.Snake);
        return payload?.ResourcesUuids ?? (payload?.Resource?.Uuid is { } one ? [one] : []);
    }
}
