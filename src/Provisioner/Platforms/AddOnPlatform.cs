using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Platforms;

/// <summary>Calls to Heroku, DigitalOcean, Clever Cloud and those that speak like Heroku.</summary>
sealed class AddOnPlatform(AddOnApi api, SecretSealer sealer) : IPlatform
{
    public bool Speaks(Dialect dialect) => dialect is Dialect.Heroku or Dialect.DigitalOcean or Dialect.CleverCloud or Dialect.AddonsIo;

    public async Task<StepResult> CallAsync(PlatformCallContext call, CancellationToken cancel)
    {
        if (call.Data.Call == PlatformCallNames.Grant)
        {
            await WatchAsync(call, await AuthorizeAsync(call, cancel), cancel);
            return StepResult.Finished;
        }
        var data = call.Record.Read<AddOnData>();
        if (call.Data.Call == PlatformCallNames.Provisioned && (data.AnsweredAt is not null || !data.AnswersLater))
            return StepResult.Finished;
        var resource = await call.Db.ReadResourceAsync(call.Record.ResourceId!.Value, cancel);
        if (!resource.IsLiving)
            return StepResult.Finished; // The platform itself has given it up meanwhile.
        var authorization = await AuthorizeAsync(call, cancel);
        var callback = CallbackOf(call);
        if (await call.Db.FindUrlAsync(sealer, resource, cancel) is { } url && await HasSucceededAsync(call, cancel))
        {
            await api.SetConfigAsync(call.Integration.Dialect, callback, authorization, call.Settings.UrlVariable, url, cancel);
            if (call.Data.Call == PlatformCallNames.Provisioned && SaysReady(call.Integration.Dialect))
                await api.SayProvisionedAsync(callback, authorization, cancel);
        }
        else if (call.Data.Call == PlatformCallNames.Provisioned && SaysReady(call.Integration.Dialect))
        {
            await api.SayDeprovisionedAsync(callback, authorization, cancel);
        }
        if (call.Data.Call == PlatformCallNames.Provisioned)
            call.Record.Write(data with { AnsweredAt = call.Step.Clock.GetUtcNow() });
        return StepResult.Finished;
    }

    /// <summary>Twice where we die before it is written down; what is told twice does no harm.</summary>
    async Task WatchAsync(PlatformCallContext call, AuthenticationHeaderValue authorization, CancellationToken cancel)
    {
        if (sealer.OpenSecrets<AddOnTokens>(call.Record) is not { Hook: { IsKnown: false } hook } tokens)
            return;
        await api.WatchAsync(CallbackOf(call), authorization, hook, cancel);
        sealer.SealSecrets(call.Record, tokens with { Hook = hook with { IsKnown = true } });
    }

    static Uri CallbackOf(PlatformCallContext call) => call.Record.Read<AddOnData>().Callback ?? AddOnApi.CallbackOf(call.Integration.Dialect, call.Settings, call.Record.ExternalId);

    static bool SaysReady(Dialect dialect) => dialect is Dialect.Heroku or Dialect.AddonsIo;

    static async Task<bool> HasSucceededAsync(PlatformCallContext call, CancellationToken cancel) =>
        !OperationId.TryParse(call.Data.Operation, out var operation) || await call.Db.Operations.AnyAsync(o => o.Id == operation && o.State == OperationState.Succeeded, cancel);

    async Task<AuthenticationHeaderValue> AuthorizeAsync(PlatformCallContext call, CancellationToken cancel)
    {
        if (call.Integration.Dialect == Dialect.CleverCloud)
            return AddOnApi.Basic(call.Integration.Key, call.Secrets.GetValueOrDefault(PlatformSecretNames.ApiPassword) ?? "");
        var tokens = sealer.OpenSecrets<AddOnTokens>(call.Record) ?? throw new PlatformRefusedException(HttpStatusCode.Unauthorized, "The platform gave no code that could be traded for a token.");
        var current = await api.EnsureTokensAsync(call.Integration.Dialect, call.Settings, tokens, call.Secrets.GetValueOrDefault(PlatformSecretNames.ClientSecret), cancel);
        if (current == tokens)
            return PlatformHttp.Bearer(current.AccessToken!);
        // At once: a code is good for one trade, and what comes after this in the step may fail.
        sealer.SealSecrets(call.Record, current);
        await call.Db.SaveChangesAsync(cancel);
        return PlatformHttp.Bearer(current.AccessToken!);
    }
}
