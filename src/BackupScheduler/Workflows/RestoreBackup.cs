using System.Net;
using BackupScheduler.Archives;
using BackupScheduler.Instances;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BackupScheduler.Workflows;

/// <summary>
/// Pushes a backup beside an instance's data and has the server swap it in. Until then nothing of the live data is touched, and whatever is
/// wrong with the backup ends the restore. The server keeps the old data until the new has answered; if it does not, the old is put back.
/// </summary>
sealed class RestoreBackup : Workflow
{
    const int StagesMax = 3;
    static readonly TimeSpan TargetWithin = TimeSpan.FromMinutes(15);
    static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(250);
    readonly AdminPorts ports;
    readonly BackupArchives archives;
    readonly BackupSchedulerOptions options;

    public RestoreBackup(AdminPorts ports, BackupArchives archives, IOptions<BackupSchedulerOptions> options)
    {
        (this.ports, this.archives, this.options) = (ports, archives, options.Value);
        BoundedStep("await_target", AwaitTargetAsync);
        BoundedStep("check", CheckAsync);
        BoundedStep("stage", StageAsync);
        BoundedStep("push", PushAsync);
        // From the commit on nobody gives up: somebody's data is in the air, and what holds it up shows as an operation past its deadline.
        Step("commit", CommitAsync);
        Step("await_answer", AwaitAnswerAsync);
        Step("roll_back", RollBackAsync);
        Step("release", ReleaseAsync);
        Step("discard", DiscardAsync);
    }

    public override OperationKind Kind => OperationKinds.BackupRestore;

    public override string RetryMessage => "The instance or the backup store did not answer; it is being tried again.";

    async Task<StepResult> AwaitTargetAsync(StepContext context, CancellationToken cancel)
    {
        var (_, _, target) = await LoadAsync(context, cancel);
        if (Refusal(target) is { } refusal)
            return new StepResult.Fail(refusal);
        if (target is { State: InstanceState.Running, AdminAddress: not null } && await ports.Of(target).IsReadyAsync(cancel))
            return new StepResult.Next("check");
        if (context.Clock.GetUtcNow() - context.Operation.CreatedAt > TargetWithin)
            return new StepResult.Fail("The instance to restore into did not start. Nothing was replaced; check it, then restore again.");
        return new StepResult.Wait(LookAgainAfter);
    }

    async Task<StepResult> CheckAsync(StepContext context, CancellationToken cancel)
    {
        var (_, backup, _) = await LoadAsync(context, cancel);
        if (backup.State != BackupState.Succeeded || backup.ManifestKey is null)
            return new StepResult.Fail("This backup does not exist any more. Nothing was replaced; choose another backup.");
        var archive = archives.Open(backup);
        await archive.RequireAllAsync(await archive.GetManifestAsync(backup.ManifestSha256, cancel), cancel);
        return new StepResult.Next("stage");
    }

    async Task<StepResult> StageAsync(StepContext context, CancellationToken cancel)
    {
        var (state, _, target) = await LoadAsync(context, cancel);
        if (Refusal(target) is { } refusal)
            return new StepResult.Fail(refusal);
        if (state.Stages == StagesMax)
            return new StepResult.Fail("The instance was restarted again and again during the restore. Nothing was replaced; restore again when it is quiet.");
        var restore = await ports.Of(target).CreateRestoreAsync(cancel);
        context.SetData(state with { RestoreId = restore, Pushed = 0, Stages = state.Stages + 1 });
        return new StepResult.Next("push");
    }

    async Task<StepResult> PushAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, target) = await LoadAsync(context, cancel);
        if (Refusal(target) is { } refusal)
            return Discard(context, state, refusal, null);
        var (port, archive) = (ports.Of(target), archives.Open(backup));
        try
        {
            var manifest = await archive.GetManifestAsync(backup.ManifestSha256, cancel);
            var pushed = await BackupStep.WorkThroughAsync(
                manifest.Files, state.Pushed, options.SaveProgressEvery, context.Clock, file => archive.SendFileAsync(file, port, state.RestoreId!, cancel));
            context.SetData(state with { Pushed = pushed });
            return new StepResult.Next(pushed == manifest.Files.Count ? "commit" : "push");
        }
        catch (AdminPortException gone) when (gone.IsMissing)
        {
            // The instance was moved or restored otherwise meanwhile, and what was staged went with its old folder.
            return new StepResult.Next("stage");
        }
    }

    async Task<StepResult> CommitAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, target) = await LoadAsync(context, cancel);
        if (target.IsDeletedOrGoing)
            return new StepResult.Fail("The instance was deleted during the restore.");
        var manifest = await archives.Open(backup).GetManifestAsync(backup.ManifestSha256, cancel);
        try
        {
            var counts = await ports.Of(target).CommitRestoreAsync(state.RestoreId!, manifest.CheckpointFiles, manifest.Counts, cancel);
            context.SetData(state with { CommittedAt = context.Clock.GetUtcNow() });
            return new StepResult.Next(counts == manifest.Counts ? "await_answer" : "roll_back");
        }
        catch (AdminPortException refused) when (refused.Status is HttpStatusCode.UnprocessableEntity)
        {
            return Discard(context, state, "The instance refused this backup: it does not hold what it should. Nothing was replaced; choose another backup.", refused.Message);
        }
        catch (AdminPortException gone) when (gone.IsMissing)
        {
            return new StepResult.Next("stage");
        }
    }

    async Task<StepResult> AwaitAnswerAsync(StepContext context, CancellationToken cancel)
    {
        var (state, _, target) = await LoadAsync(context, cancel);
        if (target.IsDeletedOrGoing)
            return new StepResult.Fail("The instance was deleted during the restore.");
        if (await ports.Of(target).IsReadyAsync(cancel))
            return new StepResult.Next("release");
        return context.Clock.GetUtcNow() - state.CommittedAt > options.AnswerWithin ? new StepResult.Next("roll_back") : new StepResult.Wait(LookAgainAfter);
    }

    async Task<StepResult> RollBackAsync(StepContext context, CancellationToken cancel)
    {
        var (state, _, target) = await LoadAsync(context, cancel);
        if (target.IsDeletedOrGoing)
            return new StepResult.Fail("The instance was deleted during the restore.");
        await ports.Of(target).RollBackRestoreAsync(state.RestoreId!, cancel);
        return Discard(context, state, "The restored data did not answer, so the data from before was put back. We have been told and are looking at it.", "rolled back");
    }

    async Task<StepResult> ReleaseAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, target) = await LoadAsync(context, cancel);
        await ports.Of(target).DeleteRestoreAsync(state.RestoreId!, cancel);
        context.Db.Write(target.OrganizationId, Actor.System("backup-scheduler"), "instance.restored", target.Id.ToString(), $"from {backup.Id} of {backup.CreatedAt:u}", context.Clock);
        await context.Db.ResolveAlertAsync(Alerts.OperationFailed, target.Id.ToString(), context.Clock, cancel);
        return StepResult.Finished;
    }

    async Task<StepResult> DiscardAsync(StepContext context, CancellationToken cancel)
    {
        var (state, _, target) = await LoadAsync(context, cancel);
        try
        {
            if (state.RestoreId is { } staged)
                await ports.Of(target).DeleteRestoreAsync(staged, cancel);
        }
        catch (AdminPortException)
        {
            // The instance is away; the sweep removes what was staged when it is back.
        }
        context.Operation.ErrorDetail = state.FailureDetail;
        return new StepResult.Fail(state.Failure!);
    }

    public override async Task OnFailedAsync(StepContext context, string error, CancellationToken cancel)
    {
        var (_, _, target) = await LoadAsync(context, cancel);
        if (!target.IsDeletedOrGoing)
            await context.Db.RaiseAlertAsync(
                target.OrganizationId, Alerts.OperationFailed, AlertSeverity.Warning, target.Id.ToString(), $"Restoring into {target.Name} failed. {error}", context.Clock, cancel);
    }

    void BoundedStep(string name, Func<StepContext, CancellationToken, Task<StepResult>> run) =>
        Step(name, BackupStep.Bounded(options.TriesMax, GiveUp, run));

    static StepResult GiveUp(StepContext context, Exception error) =>
        Discard(context, context.GetData<State>(), BackupStep.ExplainRestore(error), $"{error.GetType().Name}: {error.Message}");

    static StepResult.Next Discard(StepContext context, State state, string failure, string? detail)
    {
        context.SetData(state with { Failure = failure, FailureDetail = detail });
        return new StepResult.Next("discard");
    }

    static string? Refusal(Instance target) => target switch
    {
        { IsDeletedOrGoing: true } => "The instance to restore into was deleted. Nothing was replaced.",
        { Desired: DesiredState.Suspended } => "The instance to restore into is suspended. Nothing was replaced; resume it, then restore again.",
        { State: InstanceState.Failed } => "The instance to restore into could not be started. Nothing was replaced.",
        _ => null,
    };

    static async Task<(State State, Backup Backup, Instance Target)> LoadAsync(StepContext context, CancellationToken cancel)
    {
        var state = context.GetData<State>();
        var (backup, target) = (PrefixedId.Parse<BackupId>(state.BackupId), PrefixedId.Parse<InstanceId>(state.TargetInstanceId));
        return (state, await context.Db.Backups.SingleAsync(b => b.Id == backup, cancel), await context.Db.Instances.AsNoTracking().SingleAsync(i => i.Id == target, cancel));
    }

    /// <summary>The operation's state; begins as <see cref="BackupRestoreData"/>.</summary>
    internal sealed record State(
        string BackupId,
        string TargetInstanceId,
        RestoreInto Into,
        string? RestoreId = null,
        int Stages = 0,
        int Pushed = 0,
        DateTimeOffset? CommittedAt = null,
        string? Failure = null,
        string? FailureDetail = null);
}
