using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Platforms;

/// <summary>What a call is made with.</summary>
/// <param name="Secrets">The integration's.</param>
sealed record PlatformCallContext(StepContext Step, PlatformCallData Data, PlatformRecord Record, ResellerIntegration Integration, PlatformSettings Settings, IReadOnlyDictionary<string, string> Secrets)
{
    internal ControlPlaneDb Db => Step.Db;
}

/// <summary>How one dialect's platform is called.</summary>
interface IPlatform
{
    bool Speaks(Dialect dialect);

    /// <summary>May be called again after it was listened to: every call says the same twice without harm, or looks first.</summary>
    Task<StepResult> CallAsync(PlatformCallContext call, CancellationToken cancel);
}

/// <summary>Calls a reseller's platform. One that is away is called again, with growing pauses; one that refuses is not, and a human is told.</summary>
sealed class CallPlatform : Workflow
{
    readonly IReadOnlyList<IPlatform> platforms;
    readonly SecretSealer sealer;

    public CallPlatform(IEnumerable<IPlatform> platforms, SecretSealer sealer)
    {
        this.platforms = [.. platforms];
        this.sealer = sealer;
        Step(Kind.FirstStep, SendAsync);
    }

    public override OperationKind Kind => OperationKinds.PlatformCall;
    public override string RetryMessage => "The platform did not answer. It is called again by itself.";

    public override Task OnFailedAsync(StepContext context, string error, CancellationToken cancel) =>
        context.Db.RaiseAlertAsync(context.Operation.OrganizationId, Alerts.OperationFailed, AlertSeverity.Warning, context.Operation.Id.ToString(), $"{error} {context.Operation.ErrorDetail}", context.Clock, cancel);

    async Task<StepResult> SendAsync(StepContext step, CancellationToken cancel)
    {
        var data = step.GetData<PlatformCallData>();
        if (await step.Db.FindRecordAsync(data, cancel) is not { } record)
            return StepResult.Finished;
        var integration = await step.Db.ResellerIntegrations.AsNoTracking().SingleAsync(i => i.Id == record.IntegrationId, cancel);
        var settings = PlatformSettings.Of(integration);
        if (integration.DisabledAt is not null || settings.KeySet is not null)
            return StepResult.Finished;
        try
        {
            var call = new PlatformCallContext(step, data, record, integration, settings, sealer.OpenSecrets(integration));
            return await platforms.Single(p => p.Speaks(integration.Dialect)).CallAsync(call, cancel);
        }
        catch (PlatformAwayException away) when (data.Call != PlatformCallNames.Billing && step.Clock.GetUtcNow() - step.Operation.CreatedAt > AddOnData.ReadyWithin)
        {
            step.Operation.ErrorDetail = away.Message;
            return new StepResult.Fail("The platform did not answer for twelve hours.");
        }
        catch (PlatformRefusedException refused)
        {
            step.Operation.ErrorDetail = refused.Message;
            return new StepResult.Fail("The platform refused the call.");
        }
    }
}
