using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Http;

/// <summary>
/// Remembers answers by their Idempotency-Key, sealed, for seven days. The answer is written in the transaction of the change, so there is
/// never a change without its answer; a refused call changed nothing and is not remembered. One per request.
/// </summary>
sealed class IdempotentAnswers(ControlPlaneDb db, SecretSealer sealer, CallerSlot slot, TimeProvider clock)
{
    internal static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    internal async Task<(IdempotencyKey? Key, Answer<object>? Refusal)> ReadKeyAsync(HttpContext context)
    {
        if (!IdempotencyKey.IsGiven(context.Request))
            return (null, null);
        if (!IdempotencyKey.IsValid(context.Request.Headers[IdempotencyKey.HeaderName].ToString()))
            return (null, Problems.IdempotencyKeyInvalid);
        return (await IdempotencyKey.ReadAsync(context.Request, slot.Caller, context.RequestAborted), null);
    }

    /// <summary>The earlier answer, a refusal, or null when this is the first request. Until the transaction ends, a second one with the same key is refused.</summary>
    internal async Task<IResult?> FindAsync(IdempotencyKey key, CancellationToken cancel)
    {
        var name = $"{key.Caller} {key.Key}";
        var isFirst = await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock(hashtextextended({name}, 7)) AS \"Value\"").SingleAsync(cancel);
        if (!isFirst)
            return (Answer<object>)Problems.IdempotencyInProgress;
        var record = await db.IdempotencyRecords.SingleOrDefaultAsync(r => r.Caller == key.Caller && r.Key == key.Key, cancel);
        if (record is null)
            return null;
        if (record.CreatedAt + KeptFor <= clock.GetUtcNow())
        {
            db.IdempotencyRecords.Remove(record);
            await db.SaveChangesAsync(cancel);
            return null;
        }
        if (!record.RequestHash.AsSpan().SequenceEqual(key.RequestHash))
            return (Answer<object>)Problems.IdempotencyKeyReused;
        var body = record.SealedBody is { } sealedBody ? sealer.Open(Organization, SecretPurposes.IdempotentAnswer, name, sealedBody) : null;
        return new ReplayedAnswer(record.Status!.Value, record.Location, body);
    }

    internal void Remember(IdempotencyKey key, IAnswer answer) => db.IdempotencyRecords.Add(new IdempotencyRecord
    {
        Caller = key.Caller,
        Key = key.Key,
        OrganizationId = slot.Caller?.Organization,
        RequestHash = key.RequestHash,
        Status = answer.Status,
        ContentType = "application/json",
        Location = answer.Location,
        SealedBody = Seal(key, answer),
        CreatedAt = clock.GetUtcNow(),
    });

    /// <summary>After a wait the answer says more; a repetition gets that one.</summary>
    internal Task ReplaceAsync(IdempotencyKey key, IAnswer answer)
    {
        var sealedBody = Seal(key, answer);
        return db.IdempotencyRecords.Where(r => r.Caller == key.Caller && r.Key == key.Key).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Status, answer.Status).SetProperty(r => r.Location, answer.Location).SetProperty(r => r.SealedBody, sealedBody), CancellationToken.None);
    }

    OrganizationId Organization => slot.Caller?.Organization ?? default;

    string? Seal(IdempotencyKey key, IAnswer answer) => answer.Body is null
        ? null
        : sealer.Seal(Organization, SecretPurposes.IdempotentAnswer, $"{key.Caller} {key.Key}", JsonSerializer.Serialize(answer.Body, answer.Body.GetType(), Json.Options));
}

/// <summary>An answer that was given before.</summary>
sealed class ReplayedAnswer(int status, string? location, string? body) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers["Idempotency-Replayed"] = "true";
        if (location is not null)
            httpContext.Response.Headers.Location = location;
        if (body is null)
            return Task.CompletedTask;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        return httpContext.Response.WriteAsync(body, httpContext.RequestAborted);
    }
}
