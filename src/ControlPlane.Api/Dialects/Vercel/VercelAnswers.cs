using System.Globalization;
using System.Text.Json;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Vercel;

sealed record VercelPlan(string Id, string Type, string Name, string Description, string Scope, bool PaymentMethodRequired, string? Cost, IReadOnlyList<VercelDetail> Details);

sealed record VercelDetail(string Label, string Value);

sealed record VercelResourceAnswer(string Id, string ProductId, string Name, JsonElement? Metadata, string Status, VercelPlan? BillingPlan, VercelNotification? Notification, IReadOnlyList<VercelSecret>? Secrets);

sealed record VercelNotification(string Level, string Title, string? Message);

/// <summary>How answers look to Vercel.</summary>
static class VercelAnswers
{
    internal static IResult Json<T>(int status, T body) => Results.Json(body, DialectJson.Camel, statusCode: status);

    internal static IResult Refuse(int status, string code, string message) => Json(status, new { error = new { code, message, user = new { message } } });

    internal static IResult NotFound() => Refuse(404, "not_found", ResellerProblems.ResourceNotFound.Detail);

    internal static IResult Refuse(CommandResult result) => result switch
    {
        { Outcome: CommandOutcome.Conflict } => Refuse(409, "conflict", "There is a resource with this name already."),
        { Outcome: CommandOutcome.Gone or CommandOutcome.NotFound } => NotFound(),
        { Refusal: { } problem } => Refuse(problem.Status is 409 ? 409 : problem.Status is 403 ? 403 : 400, problem.Code, problem.Detail),
        _ => Refuse(400, "bad_request", "This cannot be."),
    };

    internal static async Task<IReadOnlyList<VercelPlan>> ReadPlansAsync(this ControlPlaneDb db, PlatformSettings settings, CancellationToken cancel) =>
        [.. (await db.ReadCatalogueAsync(cancel)).Where(o => o.Plan is { IsPublic: true, IsAddOn: false }).Select(o => ToPlan(o, settings))];

    static VercelPlan ToPlan(PlanOffer offer, PlatformSettings settings)
    {
        var price = offer.Prices.FirstOrDefault(p => p is { Currency: "USD", Interval: BillingInterval.Month });
        return new VercelPlan(
            settings.PlanName(offer.Plan.Key), "subscription", offer.Plan.Name, offer.Plan.Summary is { Length: > 0 } summary ? summary : offer.Plan.Name, "resource", price?.AmountMinor > 0,
            price is null ? null : string.Create(CultureInfo.InvariantCulture, $"${price.AmountMinor / 100m:0.00}/month"),
            [
                new("Connections", offer.Limits.ConnectionsMax.ToString(CultureInfo.InvariantCulture)), new("Storage", string.Create(CultureInfo.InvariantCulture, $"{offer.Limits.StorageMb} MB")),
            ]);
    }

    internal static string StatusOf(ManagedResource resource, InstanceState? state) => resource switch
    {
        { IsLiving: false } => "uninstalled",
        { State: ManagedState.Suspended } => "suspended",
        _ => state switch
        {
            InstanceState.Provisioning => "pending",
            InstanceState.Failed => "error",
            InstanceState.Suspended or InstanceState.Suspending => "suspended",
            null or InstanceState.Deleting or InstanceState.Deleted => "uninstalled",
            _ => "ready",
        },
    };

    internal static IReadOnlyList<VercelSecret> Secrets(PlatformSettings settings, ResourceCredentials found) => [new VercelSecret(settings.UrlVariable, found.FaktoryUrl)];
}
