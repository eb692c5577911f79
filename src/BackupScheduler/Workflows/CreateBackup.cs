using BackupScheduler.Archives;
using BackupScheduler.Instances;
using BackupScheduler.Stores;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BackupScheduler.Workflows;

/// <summary>
/// Takes a checkpoint on the instance, pulls it file by file into the store, writes the manifest, reads everything back, and only then says
/// that there is a backup. Every step may run again; a checkpoint that has gone meanwhile is taken anew.
/// </summary>
sealed class CreateBackup : Workflow
{
    const int CheckpointsMax = 3;
    const int FilesMax = 100_000;
    readonly AdminPorts ports;
    readonly BackupArchives archives;
    readonly BackupSchedulerOptions options;

    public CreateBackup(AdminPorts ports, BackupArchives archives, IOptions<BackupSchedulerOptions> options)
    {
        (this.ports, this.archives, this.options) = (ports, archives, options.Value);
        BoundedStep("checkpoint", TakeCheckpointAsync);
        BoundedStep("copy", CopyAsync);
        BoundedStep("manifest", WriteManifestAsync);
        BoundedStep("verify", VerifyAsync);
        BoundedStep("release", ReleaseAsync);
        Step("discard", DiscardAsync);
    }

    public override OperationKind Kind => OperationKinds.BackupCreate;

    // The steps give up by themselves at options.TriesMax; this is for a database that fails them from outside.
    public override int TriesMax => options.TriesMax + 10;

    public override string RetryMessage => "The instance or the backup store did not answer; it is being tried again.";

    async Task<StepResult> TakeCheckpointAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, instance) = await LoadAsync(context, cancel);
        if (instance.Desired != DesiredState.Running)
            return new StepResult.Fail(instance.IsDeletedOrGoing ? "The instance was deleted before it was backed up." : "The instance is suspended; resume it to back it up.");
        if (state.Checkpoints == CheckpointsMax)
            return Discard(context, state, "The instance was restarted again and again while it was being backed up. Another backup is tried soon.", $"{state.Checkpoints} checkpoints went away");

        var port = ports.Of(instance);
        if (backup.CheckpointId is { } earlier)
            await port.DeleteCheckpointAsync(earlier, cancel);
        var version = await port.GetVersionAsync(cancel);
        var checkpoint = await port.CreateCheckpointAsync(cancel);
        Require(checkpoint);
        (backup.State, backup.CheckpointId) = (BackupState.Running, checkpoint.Id);
        backup.SealedKey ??= archives.CreateKey(backup);
        context.SetData(state with { Checkpoint = checkpoint, ServerVersion = version, Checkpoints = state.Checkpoints + 1, Copied = 0, Verified = 0 });
        return new StepResult.Next("copy");
    }

    async Task<StepResult> CopyAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, instance) = await LoadAsync(context, cancel);
        if (instance.IsDeletedOrGoing)
            return Discard(context, state, "The instance was deleted while it was being backed up.", null);
        var (port, archive, checkpoint) = (ports.Of(instance), archives.Open(backup), state.Checkpoint!);
        try
        {
            var copied = await BackupStep.WorkThroughAsync(checkpoint.Files, state.Copied, options.SaveProgressEvery, context.Clock, async file =>
            {
                await using var plain = await port.OpenCheckpointFileAsync(checkpoint.Id, file.Name, cancel);
                await archive.PutFileAsync(file, plain, cancel);
            });
            context.SetData(state with { Copied = copied });
            return new StepResult.Next(copied == checkpoint.Files.Count ? "manifest" : "copy");
        }
        catch (AdminPortException gone) when (gone.IsMissing)
        {
            // The instance was restored or moved meanwhile: its old checkpoint is worth nothing.
            return new StepResult.Next("checkpoint");
        }
    }

    async Task<StepResult> WriteManifestAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, _) = await LoadAsync(context, cancel);
        var (archive, checkpoint) = (archives.Open(backup), state.Checkpoint!);
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat, backup.OrganizationId.ToString(), backup.InstanceId.ToString(), backup.Id.ToString(), state.ServerVersion!,
            checkpoint.CreatedAt, checkpoint.Sequence, checkpoint.Counts, backup.SealedKey!, [.. checkpoint.Files.Select(archive.Describe)]);
        await BackupArchive.RemoveStrangersAsync(archives.Store, manifest, cancel);
        backup.ManifestSha256 = await archive.PutManifestAsync(manifest, cancel);
        backup.ManifestKey = manifest.Keys.Manifest;
        backup.SizeBytes = manifest.Bytes;
        backup.Jobs = manifest.Counts.Total;
        return new StepResult.Next("verify");
    }

    async Task<StepResult> VerifyAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, _) = await LoadAsync(context, cancel);
        var archive = archives.Open(backup);
        var manifest = await archive.GetManifestAsync(backup.ManifestSha256, cancel);
        var verified = await BackupStep.WorkThroughAsync(
            manifest.Files, state.Verified, options.SaveProgressEvery, context.Clock, file => archive.VerifyFileAsync(file, cancel));
        context.SetData(state with { Verified = verified });
        return new StepResult.Next(verified == manifest.Files.Count ? "release" : "verify");
    }

    async Task<StepResult> ReleaseAsync(StepContext context, CancellationToken cancel)
    {
        var (_, backup, instance) = await LoadAsync(context, cancel);
        try
        {
            await ports.Of(instance).DeleteCheckpointAsync(backup.CheckpointId!, cancel);
            backup.CheckpointId = null;
        }
        catch (AdminPortException)
        {
            // The backup is good all the same. The row keeps the checkpoint's id, and the sweep removes it when the instance answers again.
        }
        var now = context.Clock.GetUtcNow();
        (backup.State, backup.FinishedAt, backup.VerifiedAt, backup.Error) = (BackupState.Succeeded, now, now, null);
        if (await context.Db.BackupPolicies.SingleOrDefaultAsync(p => p.InstanceId == instance.Id, cancel) is { } policy)
            policy.LastSucceededAt = now;
        await context.Db.ResolveAlertAsync(Alerts.BackupFailed, instance.Id.ToString(), context.Clock, cancel);
        await context.Db.ResolveAlertAsync(Alerts.BackupOverdue, instance.Id.ToString(), context.Clock, cancel);
        return StepResult.Finished;
    }

    /// <summary>Removes what the failed backup has written. What cannot be removed now is left to the sweep, which knows it by the row.</summary>
    async Task<StepResult> DiscardAsync(StepContext context, CancellationToken cancel)
    {
        var (state, backup, instance) = await LoadAsync(context, cancel);
        try
        {
            await BackupArchive.RemoveAsync(archives.Store, BackupArchives.KeysOf(backup), cancel);
            (backup.SealedKey, backup.ManifestKey) = (null, null);
            if (backup.CheckpointId is { } checkpoint)
                await ports.Of(instance).DeleteCheckpointAsync(checkpoint, cancel);
            backup.CheckpointId = null;
        }
        catch (Exception away) when (away is AdminPortException or ObjectStoreException)
        {
            // Most likely the very fault that failed the backup.
        }
        context.Operation.ErrorDetail = state.FailureDetail;
        return new StepResult.Fail(state.Failure!);
    }

    public override async Task OnFailedAsync(StepContext context, string error, CancellationToken cancel)
    {
        var (_, backup, instance) = await LoadAsync(context, cancel);
        var now = context.Clock.GetUtcNow();
        (backup.State, backup.FinishedAt, backup.Error) = (BackupState.Failed, now, error);
        if (instance.Desired != DesiredState.Running)
            return;
        await context.Db.RaiseAlertAsync(
            instance.OrganizationId, Alerts.BackupFailed, AlertSeverity.Critical, instance.Id.ToString(), $"The backup of {instance.Name} failed. {error}", context.Clock, cancel);
        if (await context.Db.BackupPolicies.SingleOrDefaultAsync(p => p.InstanceId == instance.Id && p.Enabled, cancel) is { } policy && policy.NextRunAt > now + options.RetryFailedAfter)
            policy.NextRunAt = now + options.RetryFailedAfter;
    }

    void BoundedStep(string name, Func<StepContext, CancellationToken, Task<StepResult>> run) =>
        Step(name, BackupStep.Bounded(options.TriesMax, GiveUp, run));

    static StepResult GiveUp(StepContext context, Exception error) =>
        Discard(context, context.GetData<State>(), BackupStep.ExplainBackup(error), $"{error.GetType().Name}: {error.Message}");

    static StepResult.Next Discard(StepContext context, State state, string failure, string? detail)
    {
        context.SetData(state with { Failure = failure, FailureDetail = detail });
        return new StepResult.Next("discard");
    }

    static async Task<(State State, Backup Backup, Instance Instance)> LoadAsync(StepContext context, CancellationToken cancel)
    {
        var state = context.GetData<State>();
        var id = PrefixedId.Parse<BackupId>(state.BackupId);
        var backup = await context.Db.Backups.SingleAsync(b => b.Id == id, cancel);
        return (state, backup, await context.Db.Instances.AsNoTracking().SingleAsync(i => i.Id == backup.InstanceId, cancel));
    }

    static void Require(Checkpoint checkpoint)
    {
        if (checkpoint.Files.Count is 0 or > FilesMax || checkpoint.Files.Any(f => !BackupKeys.IsFileName(f.Name) || f.Bytes < 0))
            throw new AdminPortException($"The instance announced a checkpoint of {checkpoint.Files.Count} files that cannot be one.", null);
    }

    /// <summary>The operation's state; begins as <see cref="BackupCreateData"/>.</summary>
    internal sealed record State(
        string BackupId,
        Checkpoint? Checkpoint = null,
        string? ServerVersion = null,
        int Checkpoints = 0,
        int Copied = 0,
        int Verified = 0,
        string? Failure = null,
        string? FailureDetail = null);
}
