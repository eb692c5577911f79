using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;

namespace Provisioner.Platforms;

/// <summary>Tells Fly.io what became of an extension, as its own reading of it would say.</summary>
sealed class FlyPlatform(FlyApi api, SecretSealer sealer) : IPlatform
{
    public bool Speaks(Dialect dialect) => dialect == Dialect.Fly;

    public async Task<StepResult> CallAsync(PlatformCallContext call, CancellationToken cancel)
    {
        var resource = await call.Db.ReadResourceAsync(call.Record.ResourceId!.Value, cancel);
        var url = await call.Db.FindUrlAsync(sealer, resource, cancel);
        var (action, status) = (resource.IsLiving, call.Data.Call) switch
        {
            (false, _) => ("resource.deleted", "deleted"),
            (_, PlatformCallNames.Provisioned) => ("resource.created", StatusOf(resource, url)),
            _ => ("resource.updated", StatusOf(resource, url)),
        };
        await api.HookAsync(
            call.Settings, call.Integration.Key, call.Secrets.GetValueOrDefault(PlatformSecretNames.HookKey) ?? "", action,
            new { id = call.Record.ExternalId, plan = call.Settings.PlanName(resource.PlanKey), status }, cancel);
        return StepResult.Finished;
    }

    static string StatusOf(ManagedResource resource, string? url) => url is null ? "error" : resource.State == ManagedState.Suspended ? "suspended" : "ready";
}
