using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>What Vercel's calls on resources have in common. One per request.</summary>
sealed class VercelWork(ReadResourceCredentials credentials, CommandEnd end, ControlPlaneDb db, TimeProvider clock)
{
    /// <summary>A resource of this installation and no other; ended ones too.</summary>
    internal async Task<(PlatformRecord Record, ManagedResource Resource)?> FindAsync(ResellerCaller by, string iid, string rid, CancellationToken cancel) =>
        await db.FindRecordAsync(by, PlatformRecordKinds.Product, rid, cancel) is { } record && record.Read<VercelResource>().Installation == iid && await db.FindResourceAsync(by, rid, cancel) is { } resource
            ? (record, resource)
            : null;

    internal async Task<VercelResourceAnswer> DescribeAsync(ResellerCaller by, PlatformRecord record, CancellationToken cancel, IReadOnlyList<VercelSecret>? secrets = null)
    {
        var (settings, data) = (PlatformSettings.Of(by.Integration), record.Read<VercelResource>());
        var resource = (await db.FindResourceAsync(by, record.ExternalId, cancel))!;
        var status = VercelAnswers.StatusOf(resource, await end.ReadInstanceAsync(by, resource, cancel));
        var plan = (await db.ReadPlansAsync(settings, cancel)).FirstOrDefault(p => p.Id == settings.PlanName(resource.PlanKey));
        var notification = status == "error" ? new VercelNotification("error", "The Faktory server does not run.", "We have been told and are looking at it.") : null;
        return new VercelResourceAnswer(record.ExternalId, data.ProductId, data.Name, data.Metadata, status, plan, notification, secrets);
    }

    /// <summary>Waits a little for the secrets; where that is not enough, they follow by a call of ours.</summary>
    internal async Task<IResult> AnswerNewAsync(ResellerCaller by, PlatformRecord record, CommandResult result, CancellationToken cancel)
    {
        var (settings, resource) = (PlatformSettings.Of(by.Integration), result.Resource!);
        var state = await end.AwaitAsync(by, resource, result.Operation!.Value, settings.WaitFor, cancel);
        if (state == EndState.Succeeded && await credentials.RunAsync(by, resource, cancel) is { } found)
            return VercelAnswers.Json(201, await DescribeAsync(by, record, cancel, VercelAnswers.Secrets(settings, found)));
        if (state == EndState.UnderWay)
            await CallAfterAsync(by, record.ExternalId, PlatformCallNames.Provisioned, cancel);
        return VercelAnswers.Json(201, await DescribeAsync(by, record, cancel, []));
    }

    /// <summary>Once for a resource that is new.</summary>
    internal async Task CallAfterAsync(ResellerCaller by, string rid, string call, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockIdAsync(by, rid, cancel);
        var record = (await db.FindRecordAsync(by, PlatformRecordKinds.Product, rid, cancel))!;
        var data = record.Read<VercelResource>();
        if (call != PlatformCallNames.Provisioned || !data.AnswersLater)
        {
            record.Write(data with { AnswersLater = true });
            db.CallPlatformAfter(record, (await db.FindResourceAsync(by, rid, cancel))!, call, clock);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
