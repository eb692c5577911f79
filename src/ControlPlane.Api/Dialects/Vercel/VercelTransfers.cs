using ControlPlane.Api.Resellers;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>Resources that one installation gives away and another takes.</summary>
sealed record VercelTransfer(string Source, IReadOnlyList<string> ResourceIds, DateTimeOffset ExpiresAt, string? TakenBy = null);

/// <summary>/v1/installations/{iid}/resource-transfer-requests/{tid}. The resource stays what it is; who came to it from the old installation has to come from the new one.</summary>
static class VercelTransfers
{
    const string Path = "/installations/{iid}/resource-transfer-requests/{tid}";
    const int ResourcesMax = 50;
    static readonly TimeSpan LivesForMax = TimeSpan.FromDays(7);

    sealed record Offer(IReadOnlyList<string>? ResourceIds, long? Expiration);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Path, OfferAsync);
        routes.MapGet(Path, GetAsync);
        routes.MapDelete(Path, WithdrawAsync);
        routes.MapPost($"{Path}/verify", VerifyAsync);
        routes.MapPost($"{Path}/accept", AcceptAsync);
    }

    static async Task<IResult> OfferAsync(HttpContext http, string iid, string tid, VercelWork work, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Offer>(http.Request, DialectJson.Camel, cancel) is not { ResourceIds: { Count: > 0 and <= ResourcesMax } ids } body)
            return VercelAnswers.Refuse(400, "bad_request", "The request must name resourceIds.");
        foreach (var rid in ids)
            if (await work.FindAsync(by, iid, rid, cancel) is not { Resource.IsLiving: true })
                return VercelAnswers.Refuse(400, "bad_request", $"There is no resource {rid} in this installation.");
        if (await db.FindRecordAsync(by, PlatformRecordKinds.Transfer, tid, cancel) is not null)
            return VercelAnswers.Refuse(409, "conflict", "This transfer is known already.");
        var latest = clock.GetUtcNow() + LivesForMax;
        var asked = body.Expiration is { } milliseconds and > 0 && milliseconds < latest.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : latest;
        db.AddRecord(by, PlatformRecordKinds.Transfer, tid, null, new VercelTransfer(iid, ids, asked), clock);
        await db.SaveChangesAsync(cancel);
        return Results.NoContent();
    }

    static async Task<IResult> GetAsync(HttpContext http, string iid, string tid, ControlPlaneDb db, CancellationToken cancel) =>
        await db.FindRecordAsync(http.Reseller(), PlatformRecordKinds.Transfer, tid, cancel) is { } record && record.Read<VercelTransfer>() is var transfer && transfer.Source == iid
            ? VercelAnswers.Json(200, new { transferId = tid, status = transfer.TakenBy is null ? record.EndedAt is null ? "unclaimed" : "withdrawn" : "complete", sourceInstallationId = transfer.Source, transfer.ResourceIds, expiration = transfer.ExpiresAt.ToUnixTimeMilliseconds() })
            : VercelAnswers.NotFound();

    static async Task<IResult> WithdrawAsync(HttpContext http, string iid, string tid, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindRecordAsync(http.Reseller(), PlatformRecordKinds.Transfer, tid, cancel) is not { } record || record.Read<VercelTransfer>() is not { TakenBy: null } transfer || transfer.Source != iid)
            return VercelAnswers.NotFound();
        record.EndedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        return Results.NoContent();
    }

    static async Task<IResult> VerifyAsync(HttpContext http, string iid, string tid, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindInstallationAsync(by, iid, cancel) is null || await FindOpenAsync(db, by, tid, clock, cancel) is null)
            return VercelAnswers.NotFound();
        return VercelAnswers.Json(200, new { billing = new { type = "subscription" } });
    }

    static async Task<IResult> AcceptAsync(HttpContext http, string iid, string tid, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindInstallationAsync(by, iid, cancel) is null)
            return VercelAnswers.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockIdAsync(by, tid, cancel);
        if (await db.FindRecordAsync(by, PlatformRecordKinds.Transfer, tid, cancel) is { } done && done.Read<VercelTransfer>().TakenBy == iid)
            return Results.NoContent();
        if (await FindOpenAsync(db, by, tid, clock, cancel) is not { } record)
            return VercelAnswers.NotFound();
        var transfer = record.Read<VercelTransfer>();
        record.Write(transfer with { TakenBy = iid });
        record.EndedAt = clock.GetUtcNow();
        foreach (var rid in transfer.ResourceIds)
            await MoveAsync(db, by, rid, iid, clock, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return Results.NoContent();
    }

    static async Task<PlatformRecord?> FindOpenAsync(ControlPlaneDb db, ResellerCaller by, string tid, TimeProvider clock, CancellationToken cancel) =>
        await db.FindRecordAsync(by, PlatformRecordKinds.Transfer, tid, cancel) is { EndedAt: null } record && record.Read<VercelTransfer>().ExpiresAt > clock.GetUtcNow() ? record : null;

    static async Task MoveAsync(ControlPlaneDb db, ResellerCaller by, string rid, string iid, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindRecordAsync(by, PlatformRecordKinds.Product, rid, cancel) is not { } record || await db.FindResourceAsync(by, rid, cancel) is not { IsLiving: true } resource)
            return;
        record.Write(record.Read<VercelResource>() with { Installation = iid });
        await db.SaveChangesAsync(cancel);
        // Whoever the platform had vouched for belongs to the old installation.
        await db.EnterOrganizationAsync(resource.OrganizationId, cancel);
        var people = await db.ReadPeopleAsync(by, null, cancel);
        await db.Memberships.Where(m => people.Contains(m.UserId)).ExecuteDeleteAsync(cancel);
        db.Write(resource.OrganizationId, by.For(resource.OrganizationId, "", null).Actor, "platform.transferred", resource.InstanceId.ToString(), $"to the installation {iid}", clock);
        await db.SaveChangesAsync(cancel);
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
    }
}
