using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>/v1/installations/{iid}/resources/{rid}: reading, changing, giving up, and new secrets.</summary>
static class VercelResourceCalls
{
    const string Path = "/installations/{iid}/resources/{rid}";

    sealed record Change(string? Name, JsonElement? Metadata, string? BillingPlanId, string? Status);

    sealed record Rotation(string? Reason, double? DelayOldSecretsExpirationHours);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, GetAsync);
        routes.MapPatch(Path, ChangeAsync);
        routes.MapDelete(Path, DeleteAsync);
        routes.MapGet($"{Path}/plans", ListPlansAsync);
        routes.MapPost($"{Path}/secrets/rotate", RotateAsync);
    }

    static async Task<IResult> GetAsync(HttpContext http, string iid, string rid, VercelWork work, CancellationToken cancel) =>
        await work.FindAsync(http.Reseller(), iid, rid, cancel) is var (record, resource) && resource.IsLiving ? VercelAnswers.Json(200, await work.DescribeAsync(http.Reseller(), record, cancel)) : VercelAnswers.NotFound();

    static async Task<IResult> ListPlansAsync(HttpContext http, string iid, string rid, VercelWork work, ControlPlaneDb db, CancellationToken cancel) =>
        await work.FindAsync(http.Reseller(), iid, rid, cancel) is var (_, resource) && resource.IsLiving
            ? VercelAnswers.Json(200, new { plans = await db.ReadPlansAsync(PlatformSettings.Of(http.Reseller().Integration), cancel) })
            : VercelAnswers.NotFound();

    static async Task<IResult> ChangeAsync(HttpContext http, string iid, string rid, ResellerCommands commands, VercelWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Change>(http.Request, DialectJson.Camel, cancel) is not { } body)
            return VercelAnswers.Refuse(400, "bad_request", "The request is not JSON of this call.");
        if (await work.FindAsync(by, iid, rid, cancel) is not { Resource.IsLiving: true })
            return VercelAnswers.NotFound();
        var request = new ResourceRequest(rid);
        if (body.BillingPlanId is { } plan && await commands.ChangePlanAsync(by, request, PlatformSettings.Of(by.Integration).PlanKey(plan), cancel) is { IsAccepted: false } refused)
            return VercelAnswers.Refuse(refused);
        if (body.Status == "suspended" && await commands.SuspendAsync(by, request, cancel) is { IsAccepted: false } notSuspended)
            return VercelAnswers.Refuse(notSuspended);
        if (body.Status is "resumed" or "ready" && await commands.ResumeAsync(by, request, cancel) is { IsAccepted: false } notResumed)
            return VercelAnswers.Refuse(notResumed);
        db.ChangeTracker.Clear();
        var record = (await db.FindRecordAsync(by, PlatformRecordKinds.Product, rid, cancel))!;
        var data = record.Read<VercelResource>();
        record.Write(data with { Name = body.Name ?? data.Name, Metadata = body.Metadata ?? data.Metadata });
        await db.SaveChangesAsync(cancel);
        return VercelAnswers.Json(200, await work.DescribeAsync(by, record, cancel));
    }

    static async Task<IResult> DeleteAsync(HttpContext http, string iid, string rid, ResellerCommands commands, VercelWork work, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await work.FindAsync(by, iid, rid, cancel) is null)
            return VercelAnswers.NotFound();
        var result = await commands.DeprovisionAsync(by, new ResourceRequest(rid), cancel);
        return result.IsAccepted || result.Outcome == CommandOutcome.Gone ? Results.NoContent() : VercelAnswers.Refuse(result);
    }

    static async Task<IResult> RotateAsync(HttpContext http, string iid, string rid, ResellerCommands commands, ReadResourceCredentials credentials, CommandEnd end, VercelWork work, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Rotation>(http.Request, DialectJson.Camel, cancel) is not { } body || body.DelayOldSecretsExpirationHours is < 0 or > 24 * 30)
            return VercelAnswers.Refuse(400, "bad_request", "The old secrets work for 0 to 720 hours more.");
        if (await work.FindAsync(by, iid, rid, cancel) is not var (_, resource) || !resource.IsLiving)
            return VercelAnswers.NotFound();
        var overlap = body.DelayOldSecretsExpirationHours is { } hours ? TimeSpan.FromHours(hours) : RotateResource.OverlapDefault;
        var key = http.Request.Headers["Idempotency-Key"] is [{ Length: > 0 and <= 100 } given] ? $"rotate {given}" : null;
        var result = await commands.RotateAsync(by, new ResourceRequest(rid, key), overlap, cancel);
        if (!result.IsAccepted)
            return VercelAnswers.Refuse(result);
        var settings = PlatformSettings.Of(by.Integration);
        if (await end.AwaitAsync(by, resource, result.Operation!.Value, settings.WaitFor, cancel) == EndState.Succeeded && await credentials.RunAsync(by, result.Resource!, cancel) is { } found)
            return VercelAnswers.Json(200, new { sync = true, secrets = VercelAnswers.Secrets(settings, found), partial = false });
        await work.CallAfterAsync(by, rid, PlatformCallNames.Changed, cancel);
        return VercelAnswers.Json(202, new { sync = false });
    }
}
