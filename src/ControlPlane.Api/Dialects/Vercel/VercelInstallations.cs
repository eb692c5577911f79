using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>/v1/installations/{iid}: a team of Vercel's that has installed the integration, and the plans that it can choose from.</summary>
static class VercelInstallations
{
    sealed record Credentials(string? AccessToken, string? TokenType);

    sealed record Account(string? Name);

    sealed record Install(System.Text.Json.JsonElement? Credentials, Account? Account);

    sealed record Update(string? BillingPlanId);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/installations/{iid}", InstallAsync);
        routes.MapGet("/installations/{iid}", GetAsync);
        routes.MapPatch("/installations/{iid}", UpdateAsync);
        routes.MapDelete("/installations/{iid}", UninstallAsync);
        routes.MapGet("/installations/{iid}/plans", ListPlansAsync);
        routes.MapGet("/products/{product}/plans", ListPlansAsync);
        routes.MapPost("/installations/{iid}/billing/provision", BuyAsync);
    }

    internal static async Task<PlatformRecord?> FindInstallationAsync(this ControlPlaneDb db, ResellerCaller by, string iid, CancellationToken cancel) =>
        await db.FindRecordAsync(by, PlatformRecordKinds.Installation, iid, cancel) is { EndedAt: null } record ? record : null;

    static async Task<IResult> InstallAsync(HttpContext http, string iid, ControlPlaneDb db, SecretSealer sealer, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        // Of all that Vercel says, the token alone has names with underscores.
        if (await DialectJson.ReadAsync<Install>(http.Request, DialectJson.Camel, cancel) is not { Credentials: { } given } body
            || System.Text.Json.JsonSerializer.Deserialize<Credentials>(given, DialectJson.Snake) is not { AccessToken: { Length: > 0 } token })
            return VercelAnswers.Refuse(400, "bad_request", "The request must bring credentials with an access_token.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockIdAsync(by, iid, cancel);
        var record = await db.FindRecordAsync(by, PlatformRecordKinds.Installation, iid, cancel);
        if (record is { EndedAt: not null })
            return VercelAnswers.Refuse(409, "conflict", "This installation has ended.");
        if (record is null)
        {
            record = db.AddRecord(by, PlatformRecordKinds.Installation, iid, null, new VercelInstallation(body.Account?.Name, null), clock);
            db.CallPlatform(record, PlatformCallNames.Billing, clock);
        }
        sealer.SealSecrets(record, new VercelTokens(token));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return VercelAnswers.Json(201, new { });
    }

    static async Task<IResult> GetAsync(HttpContext http, string iid, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindInstallationAsync(by, iid, cancel) is not { } record)
            return VercelAnswers.NotFound();
        var chosen = record.Read<VercelInstallation>().BillingPlanId;
        return VercelAnswers.Json(200, new { billingPlan = (await db.ReadPlansAsync(PlatformSettings.Of(by.Integration), cancel)).FirstOrDefault(p => p.Id == chosen) });
    }

    static async Task<IResult> UpdateAsync(HttpContext http, string iid, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindInstallationAsync(by, iid, cancel) is not { } record)
            return VercelAnswers.NotFound();
        if (await DialectJson.ReadAsync<Update>(http.Request, DialectJson.Camel, cancel) is not { BillingPlanId: { } plan } || (await db.ReadPlansAsync(PlatformSettings.Of(by.Integration), cancel)).All(p => p.Id != plan))
            return VercelAnswers.Refuse(400, "bad_request", "The request must name a billingPlanId.");
        record.Write(record.Read<VercelInstallation>() with { BillingPlanId = plan });
        await db.SaveChangesAsync(cancel);
        return Results.NoContent();
    }

    static async Task<IResult> UninstallAsync(HttpContext http, string iid, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel) =>
        await EndAsync(http.Reseller(), iid, commands, db, clock, cancel) ? Results.NoContent() : VercelAnswers.NotFound();

    /// <summary>All that it has goes with it.</summary>
    /// <returns>False where it never was; true also where it has ended before.</returns>
    internal static async Task<bool> EndAsync(ResellerCaller by, string iid, ResellerCommands commands, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindRecordAsync(by, PlatformRecordKinds.Installation, iid, cancel) is null)
            return false;
        foreach (var resource in await db.ReadResourcesAsync(by, iid, cancel))
            await commands.DeprovisionAsync(by, new ResourceRequest(resource.ExternalId), cancel);
        db.ChangeTracker.Clear();
        var record = (await db.FindRecordAsync(by, PlatformRecordKinds.Installation, iid, cancel))!;
        if (record.EndedAt is null)
        {
            record.EndedAt = clock.GetUtcNow();
            await db.SaveChangesAsync(cancel);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await Core.Operations.OperationFiling.WakeAsync(db, PlatformCalling.SubjectOf(record), clock, cancel);
            await transaction.CommitAsync(CancellationToken.None);
        }
        return true;
    }

    static async Task<IResult> ListPlansAsync(HttpContext http, ControlPlaneDb db, CancellationToken cancel) =>
        VercelAnswers.Json(200, new { plans = await db.ReadPlansAsync(PlatformSettings.Of(http.Reseller().Integration), cancel) });

    /// <summary>Our plans are subscriptions: nothing is bought beforehand, so there is never a balance.</summary>
    static async Task<IResult> BuyAsync(HttpContext http, string iid, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel) =>
        await db.FindInstallationAsync(http.Reseller(), iid, cancel) is null ? VercelAnswers.NotFound() : VercelAnswers.Json(200, new { timestamp = clock.GetUtcNow(), balances = (object[])[] });

    internal static async Task<IReadOnlyList<PlatformRecord>> ReadResourcesAsync(this ControlPlaneDb db, ResellerCaller by, string iid, CancellationToken cancel) =>
        [.. (await db.RecordsOf(by, PlatformRecordKinds.Product).AsNoTracking().Where(r => EF.Functions.JsonContains(r.Data, $"{{\"installation\": {System.Text.Json.JsonSerializer.Serialize(iid)}}}")).ToListAsync(cancel))];
}
