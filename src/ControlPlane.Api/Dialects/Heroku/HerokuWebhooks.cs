using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Dialects.Heroku;

/// <summary>
/// POST /heroku/webhooks/{key}/{uuid}: what becomes of an add-on that Heroku was asked to watch (devcenter.heroku.com/articles/addon-webhooks). An add-on that was destroyed
/// is given up, also where the DELETE for it has not come; everything else is written down.
/// </summary>
static class HerokuWebhooks
{
    const string Signature = "Heroku-Webhook-Hmac-SHA256";

    sealed record AddOn(string? Id);

    sealed record Told(string? Action, string? Resource, AddOn? Data);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDialect("/heroku/webhooks", Dialect.Heroku, "an HMAC").MapPost("/{key}/{uuid}", HearAsync);

    /// <summary>For an add-on that is asked for.</summary>
    internal static AddOnHook New(HttpContext http, ResellerCaller by, string uuid) => new(
        IntegrationAddresses.HerokuHook(IntegrationAddresses.Here(http, http.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value), by.Integration.Key, uuid),
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    static async Task<IResult> HearAsync(HttpContext http, string key, string uuid, IntegrationLookup integrations, SecretSealer sealer, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var body = await DialectJson.ReadBytesAsync(http.Request, cancel);
        if (await integrations.EnterAsync(Dialect.Heroku, key, http.Address(), cancel) is not { } by
            || await db.FindRecordAsync(by, PlatformRecordKinds.AddOn, uuid, cancel) is not { } record
            || sealer.OpenSecrets<AddOnTokens>(record)?.Hook is not { } hook || !IsSigned(hook, body, http.Request.Headers[Signature].ToString()))
            return Results.Json(new { message = "The signature is missing or wrong." }, statusCode: StatusCodes.Status401Unauthorized);
        if (DialectJson.Parse<Told>(body, DialectJson.Snake) is not { Resource: "addon", Action: { } action } told || told.Data?.Id != uuid)
            return Results.NoContent(); // Of something that we did not ask about.
        if (action == "destroy")
            await commands.DeprovisionAsync(by, new ResourceRequest(uuid), cancel);
        await db.NoteAsync(by, uuid, $"addon.{action}", clock, cancel);
        return Results.NoContent();
    }

    static bool IsSigned(AddOnHook hook, byte[] body, string signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, given, out var length) && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Encoding.UTF8.GetBytes(hook.Secret), body), given[..length]);
    }
}
