using System.Buffers.Text;
using System.Security.Cryptography;
using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ControlPlane.Api.Dialects.Certifying;

/// <summary>
/// Tries an integration out, end to end and over HTTP: with a twin of it in the sandbox, so that nothing costs anything, no real resource is touched, and no password has to
/// be kept in the clear. The report is kept until the next one. One per request.
/// </summary>
sealed class Certification(ControlPlaneDb db, IntegrationLookup lookup, IServer server, TimeProvider clock)
{
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(55);

    internal async Task<CertificationReport> RunAsync(ResellerCaller by, ResellerIntegration integration, CancellationToken cancel)
    {
        var (startedAt, from) = (clock.GetUtcNow(), clock.GetTimestamp());
        var (password, salt, requestKey) = (NewSecret(), NewSecret(), NewSecret());
        using var tokens = new CertificationTokens(clock);
        var twin = await AddTwinAsync(integration, password, salt, requestKey, tokens, cancel);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = OwnAddress() };
        var run = new CertificationRun(http, twin, password, salt, requestKey, tokens, clock);
        try
        {
            using var timeUp = new CancellationTokenSource(EndsWithin, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancel);
            await CertificationScripts.RunAsync(run, either.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or KeyNotFoundException or InvalidOperationException or HttpRequestException && !cancel.IsCancellationRequested)
        {
            run.Check($"The steps went on to their end ({(error is OperationCanceledException ? "they took too long" : "an answer lacked what the next step needs")})", false);
        }
        finally
        {
            twin.DisabledAt = clock.GetUtcNow();
            await db.SaveChangesAsync(CancellationToken.None);
        }
        var report = new CertificationReport(integration.Id.ToString(), integration.Dialect.ToText(), run.Steps.All(s => s.Passed), startedAt, (long)clock.GetElapsedTime(from).TotalMilliseconds, run.Steps);
        await KeepAsync(by, integration, report, cancel);
        return report;
    }

    internal async Task<CertificationReport?> FindAsync(ResellerCaller by, ResellerIntegration integration, CancellationToken cancel) =>
        (await db.FindRecordAsync(by with { Integration = integration }, PlatformRecordKinds.Certification, "last", cancel))?.Read<CertificationReport>();

    async Task KeepAsync(ResellerCaller by, ResellerIntegration integration, CertificationReport report, CancellationToken cancel)
    {
        var owner = by with { Integration = integration };
        if (await db.FindRecordAsync(owner, PlatformRecordKinds.Certification, "last", cancel) is { } known)
            known.Write(report);
        else
            db.AddRecord(owner, PlatformRecordKinds.Certification, "last", null, report, clock);
        await db.SaveChangesAsync(cancel);
    }

    async Task<ResellerIntegration> AddTwinAsync(ResellerIntegration integration, string password, string salt, string requestKey, CertificationTokens tokens, CancellationToken cancel)
    {
        var id = IntegrationId.New(clock);
        var twin = new ResellerIntegration
        {
            Id = id,
            ResellerId = integration.ResellerId,
            OrganizationId = integration.OrganizationId,
            Dialect = integration.Dialect,
            Name = $"Certification of {integration.Name}",
            Key = $"certify-{id}",
            SecretHash = IntegrationLookup.HashPassword(password),
            Settings = (PlatformSettings.Of(integration) with { KeySet = integration.Dialect == Dialect.Vercel ? tokens.KeySet : null }).ToJson(),
            IsSandbox = true,
            CreatedAt = clock.GetUtcNow(),
        };
        lookup.SealSecrets(twin, new Dictionary<string, string> { [PlatformSecretNames.SingleSignOnSalt] = salt, [PlatformSecretNames.RequestKey] = requestKey });
        db.ResellerIntegrations.Add(twin);
        await db.SaveChangesAsync(cancel);
        return twin;
    }

    /// <summary>By loopback where this process listens everywhere.</summary>
    Uri OwnAddress()
    {
        var text = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? throw new InvalidOperationException("the Api listens nowhere");
        return new Uri(text.Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("*", "127.0.0.1", StringComparison.Ordinal).Replace("+", "127.0.0.1", StringComparison.Ordinal));
    }

    static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
