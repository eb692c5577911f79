using System.Net;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Platforms;

/// <summary>Tells Vercel a resource's secrets and that it has changed, and an installation's usage, invoices and refunds.</summary>
sealed class VercelPlatform(VercelApi api, VercelBilling billing, SecretSealer sealer) : IPlatform
{
    public bool Speaks(Dialect dialect) => dialect == Dialect.Vercel;

    public async Task<StepResult> CallAsync(PlatformCallContext call, CancellationToken cancel)
    {
        if (call.Data.Call == PlatformCallNames.Billing)
            return await billing.SendAsync(call, TokensOf(call.Record), cancel);
        if (call.Data.Refund is { } refund)
        {
            await api.RefundAsync(call.Settings, TokensOf(call.Record), call.Record.ExternalId, refund, cancel);
            return StepResult.Finished;
        }
        var data = call.Record.Read<VercelResource>();
        var resource = await call.Db.ReadResourceAsync(call.Record.ResourceId!.Value, cancel);
        if (!resource.IsLiving)
            return StepResult.Finished; // Vercel itself has given it up.
        var integration = call.Integration.Id;
        var installation = await call.Db.PlatformRecords.AsNoTracking().SingleAsync(r => r.IntegrationId == integration && r.Kind == PlatformRecordKinds.Installation && r.ExternalId == data.Installation, cancel);
        if (installation.EndedAt is not null)
            return StepResult.Finished;
        var tokens = TokensOf(installation);
        if (await call.Db.FindUrlAsync(sealer, resource, cancel) is { } url)
            await api.SetSecretsAsync(call.Settings, tokens, data.Installation, call.Record.ExternalId, [new VercelSecret(call.Settings.UrlVariable, url)], cancel);
        await api.SayUpdatedAsync(call.Settings, tokens, data.Installation, data.ProductId, call.Record.ExternalId, cancel);
        return StepResult.Finished;
    }

    VercelTokens TokensOf(PlatformRecord installation) => sealer.OpenSecrets<VercelTokens>(installation) ?? throw new PlatformRefusedException(HttpStatusCode.Unauthorized, "The installation came without a token.");
}
