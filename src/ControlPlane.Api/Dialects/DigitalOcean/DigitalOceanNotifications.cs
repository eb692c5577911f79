using ControlPlane.Api.Resellers;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.DigitalOcean;

/// <summary>POST /digitalocean/notifications: what DigitalOcean has decided about resources.</summary>
static class DigitalOceanNotifications
{
    sealed record Payload(IReadOnlyList<string>? ResourcesUuids, string? ResourceUuid);

    sealed record Notification(string? Type, Payload? Payload);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapDialect($"{DigitalOceanResources.Prefix}/notifications", Dialect.DigitalOcean, "HTTP Basic");
        group.AddEndpointFilter(new BasicCaller(Dialect.DigitalOcean, () => Results.Json(new { message = "The add-on's slug or password is wrong." }, statusCode: 401)));
        group.MapPost("/", HearAsync);
    }

    static async Task<IResult> HearAsync(HttpContext http, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Notification>(http.Request, DialectJson.Snake, cancel) is not { Type: { } type } body)
            return Results.Json(new { message = "The notification must have a type." }, statusCode: 422);
        foreach (var id in body.Payload?.ResourcesUuids ?? (body.Payload?.ResourceUuid is { } one ? [one] : []))
        {
            // Each is told at least once, and not in order of anything: what is so already stays so, and what is gone is not missed.
            if (type == "resources.suspended")
                await commands.SuspendAsync(by, new ResourceRequest(id), cancel);
            else if (type == "resources.reactivated")
                await commands.ResumeAsync(by, new ResourceRequest(id), cancel);
            else if (await db.FindResourceAsync(by, id, cancel) is { } resource)
                db.Write(by.Reseller.OrganizationId, by.For(by.Reseller.OrganizationId, by.Reseller.Name, null).Actor, "platform.notified", resource.Id.ToString(), type, clock);
        }
        await db.SaveChangesAsync(cancel);
        return Results.NoContent();
    }
}
