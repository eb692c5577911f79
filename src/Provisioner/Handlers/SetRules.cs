using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Provisioner.Admin;
using Provisioner.Brands;
using Provisioner.Engines;

namespace Provisioner.Handlers;

/// <summary>
/// Cron jobs, throttles and weights. The server judges them: what it takes becomes the instance's intent, what it refuses is forgotten. So no file is ever
/// written that the server would not start with.
/// </summary>
sealed class SetRules : InstanceWorkflow
{
    static readonly TimeSpan lookAgainAfter = TimeSpan.FromSeconds(1);

    readonly EngineSet engines;
    readonly InstanceFile file;
    readonly InstanceAdmin admin;
    readonly OwnBrand own;

    public SetRules(CrashPoints crash, EngineSet engines, InstanceFile file, InstanceAdmin admin, OwnBrand own) : base(OperationKinds.InstanceSetRules, crash)
    {
        (this.engines, this.file, this.admin, this.own) = (engines, file, admin, own);
        Step(Kind.FirstStep, ApplyAsync);
    }

    protected override DesiredState Wants => DesiredState.Running;

    protected override StepResult Superseded(InstanceStep step) => new StepResult.Fail("The instance was stopped before its rules were set. Set them again when it runs.");

    async Task<StepResult> ApplyAsync(InstanceStep step, CancellationToken cancel)
    {
        var instance = step.Instance;
        // One that is coming up, or is not well, is first to be brought up by whoever does that.
        if (instance.Engine is not { } engine || (await engines.Get(engine).ObserveAsync(step.Id, cancel)).Admin is not { } address || await admin.AskReadyAsync(address, cancel) != Readiness.Ready)
            return new StepResult.Wait(lookAgainAfter);
        var brand = await step.Db.ReadBrandAsync(instance.Id, own.Brand, cancel);
        var before = instance.Rules;
        (instance.Rules, instance.Generation) = (step.Context.GetData<RulesToSet>().Rules, instance.Generation + 1);
        if (await admin.TryPutConfigAsync(address, file.AdminToken(instance), file.Config(instance, step.Limits, brand), cancel) is { } refusal)
        {
            (instance.Rules, instance.Generation) = (before, instance.Generation - 1);
            return new StepResult.Fail($"The job server refuses these rules: {refusal} What was in force stays.");
        }
        (instance.ObservedGeneration, instance.BrandMark) = (instance.Generation, brand?.Mark);
        return StepResult.Finished;
    }

    // The instance is as well as it was.
    public override Task OnFailedAsync(StepContext context, string error, CancellationToken cancel) => Task.CompletedTask;
}
