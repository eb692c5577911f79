using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;

namespace ControlPlane.Api.Dialects.AddOns;

/// <summary>
/// The add-on platforms' three calls, in one place: Heroku, DigitalOcean and Clever Cloud differ in words only. A request waits a little for its instance; where that
/// takes longer, it is answered, and an operation calls the platform back. Requests are delivered at least once: a second one gets the first one's answer.
/// </summary>
sealed class AddOnHandler(ResellerCommands commands, ReadResourceCredentials credentials, CommandEnd end, ControlPlaneDb db, SecretSealer sealer, TimeProvider clock)
{
    internal async Task<AddOnAnswer> ProvisionAsync(ResellerCaller by, AddOnRequest request, CancellationToken cancel)
    {
        var settings = PlatformSettings.Of(by.Integration);
        var command = new ProvisionRequest(request.Id, request.Customer, settings.PlanKey(request.Plan), request.Name, settings.Region(request.Region));
        CommandResult result;
        PlatformRecord record;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            result = await commands.ProvisionAsync(by, command, cancel);
            if (!result.IsAccepted)
                return new AddOnAnswer(result);
            record = await EnsureRecordAsync(by, request, result.Resource!, cancel);
            await db.SaveChangesAsync(cancel);
            // From here on the caller's going away changes nothing any more.
            await transaction.CommitAsync(CancellationToken.None);
        }
        if (record.Read<AddOnData>().AnswersLater)
            return new AddOnAnswer(result, IsLater: true);
        return await end.AwaitAsync(by, result.Resource!, result.Operation!.Value, settings.WaitFor, cancel) switch
        {
            EndState.Succeeded when await credentials.RunAsync(by, result.Resource!, cancel) is { } ready => new AddOnAnswer(result, ready.FaktoryUrl),
            EndState.UnderWay => await AnswerLaterAsync(by, request.Id, result, cancel),
            _ => await GiveUpAsync(by, request.Id, result, cancel),
        };
    }

    internal async Task<AddOnAnswer> ChangePlanAsync(ResellerCaller by, string id, string plan, CancellationToken cancel) =>
        new(await commands.ChangePlanAsync(by, new ResourceRequest(id), PlatformSettings.Of(by.Integration).PlanKey(plan), cancel));

    internal async Task<AddOnAnswer> DeprovisionAsync(ResellerCaller by, string id, CancellationToken cancel) =>
        new(await commands.DeprovisionAsync(by, new ResourceRequest(id), cancel));

    async Task<PlatformRecord> EnsureRecordAsync(ResellerCaller by, AddOnRequest request, ManagedResource resource, CancellationToken cancel)
    {
        if (await db.FindRecordAsync(by, PlatformRecordKinds.AddOn, request.Id, cancel) is { } known)
            return known;
        var record = db.AddRecord(by, PlatformRecordKinds.AddOn, request.Id, resource, new AddOnData(request.Callback, AnswersLater: false, AnsweredAt: null), clock);
        if (request.Tokens is { } tokens)
        {
            sealer.SealSecrets(record, tokens);
            // At once: the code lives for minutes, whatever becomes of the instance.
            db.CallPlatform(record, PlatformCallNames.Grant, clock);
        }
        return record;
    }

    async Task<AddOnAnswer> AnswerLaterAsync(ResellerCaller by, string id, CommandResult result, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockIdAsync(by, id, cancel);
        var record = (await db.FindRecordAsync(by, PlatformRecordKinds.AddOn, id, cancel))!;
        var data = record.Read<AddOnData>();
        if (!data.AnswersLater)
        {
            record.Write(data with { AnswersLater = true });
            db.CallPlatformAfter(record, result.Resource!, PlatformCallNames.Provisioned, clock);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return new AddOnAnswer(result, IsLater: true);
    }

    /// <summary>The platform is told that there is none, so there must be none.</summary>
    async Task<AddOnAnswer> GiveUpAsync(ResellerCaller by, string id, CommandResult result, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        await commands.DeprovisionAsync(by, new ResourceRequest(id), cancel);
        return new AddOnAnswer(result, HasFailed: true);
    }
}
