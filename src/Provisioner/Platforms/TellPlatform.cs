using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Platforms;

namespace Provisioner.Platforms;

/// <summary>Stands behind an operation on an instance, and has its platform called when that has ended: by an operation of the record's own, so that a platform that is away holds up nothing of the instance's.</summary>
sealed class TellPlatform : Workflow
{
    public TellPlatform() => Step(Kind.FirstStep, async (step, cancel) =>
    {
        var data = step.GetData<PlatformCallData>();
        if (await step.Db.FindRecordAsync(data, cancel) is { } record)
            step.Db.CallPlatform(record, data, step.Clock);
        return StepResult.Finished;
    });

    public override OperationKind Kind => OperationKinds.PlatformNotify;
}
