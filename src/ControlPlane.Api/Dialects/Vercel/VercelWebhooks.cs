using System.Security.Cryptography;
using System.Text;
using ControlPlane.Api.Dialects.AddOns;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>
/// POST /vercel/webhooks/{key}: what has happened at Vercel, signed with the integration's secret (x-vercel-signature, vercel.com/docs/webhooks). Who has left the team is let in no
/// more, and an installation that was removed has ended, also where the DELETE for it has not come. What became of an invoice is written down.
/// </summary>
static class VercelWebhooks
{
    sealed record Configuration(string? Id);

    sealed record Payload(Configuration? Configuration, string? InstallationId, string? InvoiceId, string? ExternalInvoiceId, string? MemberId, string? Role);

    sealed record Event(string? Type, Payload? Payload);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDialect("/vercel/webhooks", Dialect.Vercel, "x-vercel-signature").MapPost("/{key}", HearAsync);

    static async Task<IResult> HearAsync(HttpContext http, string key, IntegrationLookup integrations, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var body = await DialectJson.ReadBytesAsync(http.Request, cancel);
        if (await integrations.EnterAsync(Dialect.Vercel, key, http.Address(), cancel) is not { } by
            || integrations.OpenSecrets(by.Integration).GetValueOrDefault(PlatformSecretNames.ClientSecret) is not { } secret || !SignOnTokens.AreSame(Sign(secret, body), http.Request.Headers["x-vercel-signature"]))
            return VercelAnswers.Refuse(403, "forbidden", "The signature is missing or wrong.");
        if (DialectJson.Parse<Event>(body, DialectJson.Camel) is { Type: { } type, Payload: { } payload })
            await ActAsync(by, type, payload, commands, db, clock, cancel);
        return Results.Ok();
    }

    static async Task ActAsync(ResellerCaller by, string type, Payload payload, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var installation = payload.InstallationId ?? payload.Configuration?.Id;
        if (installation is null || await db.FindRecordAsync(by, PlatformRecordKinds.Installation, installation, cancel) is null)
            return; // Of somebody who never installed us.
        if (type == "integration-configuration.removed")
            await VercelInstallations.EndAsync(by, installation, commands, db, clock, cancel);
        else if (type == "marketplace.member.changed" && payload.MemberId is { } person)
            await db.ChangePersonAsync(by, installation, person, payload.Role == "NONE" ? null : VercelPeople.RoleOf(payload.Role), cancel);
        var what = string.Join(' ', ((string?[])[type, payload.ExternalInvoiceId ?? payload.InvoiceId, payload.MemberId, payload.Role]).OfType<string>());
        db.Note(by, installation, what, clock);
        await db.SaveChangesAsync(cancel);
    }

#pragma warning disable CA5350 // Vercel's protocol says SHA-1, as an HMAC, which collisions do not break.
    static string Sign(string secret, byte[] body) => Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), body));
#pragma warning restore CA5350
}
