using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>What Vercel said when a team installed the integration.</summary>
/// <param name="InvoicedUntil">The end of the last month that was invoiced.</param>
/// <param name="Invoices">The last ones, the newest at the end.</param>
public sealed record VercelInstallation(string? AccountName, string? BillingPlanId, DateTimeOffset? InvoicedUntil = null, IReadOnlyList<VercelInvoice>? Invoices = null)
{
    const int InvoicesMax = 36;

    public VercelInstallation With(VercelInvoice invoice) => this with { Invoices = [.. (Invoices ?? []).Append(invoice).TakeLast(InvoicesMax)] };
}

/// <param name="ExternalId">Ours: the installation and its month.</param>
/// <param name="InvoiceId">Vercel's.</param>
/// <param name="AmountMinor">In cents.</param>
public sealed record VercelInvoice(string ExternalId, string InvoiceId, long AmountMinor);

/// <summary>How we may speak for an installation. Sealed.</summary>
public sealed record VercelTokens(string AccessToken);

/// <summary>A resource as Vercel knows it.</summary>
public sealed record VercelResource(string Installation, string ProductId, string Name, JsonElement? Metadata, bool AnswersLater = false);

public sealed record VercelSecret(string Name, string Value);

public sealed record VercelPeriod(DateTimeOffset Start, DateTimeOffset End);

/// <param name="Price">Decimal text in dollars, as all amounts here.</param>
public sealed record VercelBillingItem(string BillingPlanId, string ResourceId, string Name, string Price, decimal Quantity, string Units, string Total);

/// <param name="Type">total, interval or rate.</param>
public sealed record VercelUsage(string ResourceId, string Name, string Type, string Units, decimal DayValue, decimal PeriodValue);

/// <summary>What we ask of api.vercel.com for an installation, with its token. Safe for any number of callers.</summary>
public sealed class VercelApi(PlatformHttp http)
{
    static readonly Uri Public = new("https://api.vercel.com");
    static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static readonly Uri PublicKeys = new("https://marketplace.vercel.com/.well-known/jwks");
    public const string Issuer = "https://marketplace.vercel.com";

    /// <summary>Trades what a browser brought for the person's token.</summary>
    public async Task<string> ExchangeAsync(PlatformSettings settings, string clientId, string clientSecret, string code, string? state, CancellationToken cancel)
    {
        using var content = JsonContent.Create(new { code, state, client_id = clientId, client_secret = clientSecret }, options: Camel);
        var answer = await http.SendAsync(HttpMethod.Post, At(settings, "/v1/integrations/sso/token"), content, null, cancel);
        return answer.GetProperty("id_token").GetString()!;
    }

    public Task SetSecretsAsync(PlatformSettings settings, VercelTokens tokens, string installation, string resource, IReadOnlyList<VercelSecret> secrets, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, settings, tokens, installation, $"/resources/{Uri.EscapeDataString(resource)}/secrets", new { secrets }, cancel);

    /// <summary>Has Vercel read the resource again.</summary>
    public Task SayUpdatedAsync(PlatformSettings settings, VercelTokens tokens, string installation, string product, string resource, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, settings, tokens, installation, "/events", new { @event = new { type = "resource.updated", productId = product, resourceId = resource } }, cancel);

    /// <summary>What the month costs so far, and what was used.</summary>
    public Task SendBillingAsync(
        PlatformSettings settings, VercelTokens tokens, string installation, DateTimeOffset now, VercelPeriod period, IReadOnlyList<VercelBillingItem> billing, IReadOnlyList<VercelUsage> usage, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, settings, tokens, installation, "/billing", new { timestamp = now, eod = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero), period, billing, usage }, cancel);

    /// <summary>A month's invoice, once: the same external id again is not another one.</summary>
    /// <returns>Vercel's id of it; null where it does not say.</returns>
    public async Task<string?> SendInvoiceAsync(PlatformSettings settings, VercelTokens tokens, string installation, string externalId, DateTimeOffset date, VercelPeriod period, IReadOnlyList<VercelBillingItem> items, CancellationToken cancel)
    {
        try
        {
            return Text(await SendAsync(HttpMethod.Post, settings, tokens, installation, "/billing/invoices", new { externalId, invoiceDate = date, period, items }, cancel), "invoiceId");
        }
        catch (PlatformRefusedException known) when (known.Status == HttpStatusCode.Conflict)
        {
            return null; // It is there: our earlier call was heard, and its answer was lost.
        }
    }

    /// <summary>Gives a part of an invoice back, or all of it. Looks first: what has been given back, or is going to be, is not given back again.</summary>
    public async Task RefundAsync(PlatformSettings settings, VercelTokens tokens, string installation, PlatformRefund refund, CancellationToken cancel)
    {
        var path = $"/billing/invoices/{Uri.EscapeDataString(refund.Invoice)}";
        var invoice = await SendAsync(HttpMethod.Get, settings, tokens, installation, path, null, cancel);
        if (Text(invoice, "state") is "refund_requested" or "refunded" || Text(invoice, "refundTotal") is not null)
            return;
        await SendAsync(HttpMethod.Post, settings, tokens, installation, $"{path}/actions", new { action = "refund", total = refund.Total, reason = refund.Reason }, cancel);
    }

    /// <summary>Nothing more will be billed of an installation that is gone.</summary>
    public Task FinalizeAsync(PlatformSettings settings, VercelTokens tokens, string installation, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, settings, tokens, installation, "/billing/finalize", new { }, cancel);

    async Task<JsonElement> SendAsync(HttpMethod method, PlatformSettings settings, VercelTokens tokens, string installation, string path, object? body, CancellationToken cancel)
    {
        using var content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Camel);
        return await http.SendAsync(method, At(settings, $"/v1/installations/{Uri.EscapeDataString(installation)}{path}"), content, PlatformHttp.Bearer(tokens.AccessToken), cancel);
    }

    static string? Text(JsonElement answer, string name) => answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static Uri At(PlatformSettings settings, string path) => new(settings.ApiAddress ?? Public, path);
}
