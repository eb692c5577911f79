using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Catalogue;

/// <summary>POST /v1/operator/plans/{id}/versions</summary>
static class AddPlanVersion
{
    static readonly Problem KeyInvalid = new("invalid_plan_key", 400, "A plan's key has 2 to 39 lower-case letters, digits and hyphens, and begins with a letter.");
    static readonly Problem PriceInvalid = new("invalid_price", 422, "Each price has a currency known here, an interval and an amount of at least 0, and each currency and interval once.");
    static readonly Problem EntitlementInvalid = new("invalid_entitlement", 422, "There is no such entitlement, or it cannot have this value. The values of GET /v1/plans show them.");
    static readonly Problem EntitlementMissing = new("entitlement_missing", 422, "A plan must say all limits of an instance.");
    static readonly Problem KindFixed = new("plan_kind_fixed", 409, "A plan cannot become an add-on, nor the reverse.");

    /// <summary>Without which no instance can be run.</summary>
    static readonly string[] needed =
    [
        EntitlementKeys.InstancesMax, EntitlementKeys.MemoryMb, EntitlementKeys.CpuMillis, EntitlementKeys.ConnectionsMax, EntitlementKeys.StorageMb, EntitlementKeys.BackupsKeptMax,
        EntitlementKeys.BackupEveryMinutesMin,
    ];

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/plans/{id}/versions", HandleAsync)
        .Describe("Operator", "add_plan_version", "Offer new terms",
            "Of a plan, or of a new one with this key. Terms are sealed and never change: instances that have the plan keep their version, and a new one is for those who choose it from now on.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new PlanVersionRequest("Team", "For a team.", [new PriceResource("USD", "month", 4900, null)], new Dictionary<string, string> { [EntitlementKeys.InstancesMax] = "5" }))
        .Answers<PlanOfferResource>(201)
        .Refuses(KeyInvalid, PriceInvalid, EntitlementInvalid, EntitlementMissing, KindFixed);

    static async Task<Answer<PlanOfferResource>> HandleAsync(string id, PlanVersionRequest request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (Refuse(id, request) is { } refusal)
            return refusal;
        await db.Database.ExecuteSqlAsync($"SELECT FROM plans WHERE key = {id} FOR UPDATE", cancel);
        var plan = await db.Plans.SingleOrDefaultAsync(p => p.Key == id, cancel);
        if (plan is not null && plan.IsAddOn != request.IsAddOn)
            return KindFixed;
        var version = plan is null ? 1 : await db.PlanVersions.Where(v => v.PlanKey == id).MaxAsync(v => v.Version, cancel) + 1;
        if (plan is null)
            db.Plans.Add(plan = new Plan { Key = id, ProductKey = Product.HostingKey, Name = request.Name, Summary = request.Summary, Position = request.Position, IsAddOn = request.IsAddOn, CurrentVersion = version });
        (plan.Name, plan.Summary, plan.Position, plan.IsPublic, plan.RequiresVendorContract, plan.CurrentVersion) =
            (request.Name, request.Summary, request.Position, request.IsPublic, request.RequiresVendorContract, version);
        await db.SaveChangesAsync(cancel);
        await AddTermsAsync(id, version, request, caller, db, clock, cancel);
        db.Write(null, caller.OperatorActor, "plan.version_added", id, $"version {version}", clock);
        await db.SaveChangesAsync(cancel);
        return Answer.Created((await db.ReadOfferAsync(id, version, cancel)).ToOffer());
    }

    static async Task AddTermsAsync(string id, int version, PlanVersionRequest request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var terms = new PlanVersion { PlanKey = id, Version = version, TrialDays = request.TrialDays, CreatedAt = clock.GetUtcNow(), CreatedBy = caller.OperatorActor.Id };
        db.PlanVersions.Add(terms);
        await db.SaveChangesAsync(cancel);
        db.PlanPrices.AddRange(request.Prices.Select(p => new PlanPrice
        {
            PlanKey = id,
            Version = version,
            Currency = p.Currency,
            Interval = LowercaseEnum<BillingInterval>.Parse(p.Interval),
            AmountMinor = p.AmountMinor,
            OverageMinor = p.OverageMinor,
        }));
        db.PlanEntitlements.AddRange(request.Values.Select(v => new PlanEntitlement { PlanKey = id, Version = version, Key = v.Key, Value = v.Value }));
        await db.SaveChangesAsync(cancel);
        terms.SealedAt = clock.GetUtcNow();
    }

    static Problem? Refuse(string id, PlanVersionRequest request)
    {
        if (id.Length is < 2 or > 39 || !char.IsAsciiLetterLower(id[0]) || id.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            return KeyInvalid;
        if (request.Prices.Count == 0 || request.Prices.DistinctBy(p => (p.Currency, p.Interval)).Count() != request.Prices.Count || request.Prices.Any(p => !IsPrice(p)))
            return PriceInvalid;
        if (request.Values.FirstOrDefault(v => !EntitlementKeys.IsValid(v.Key, v.Value)) is { Key: { } wrong })
            return EntitlementInvalid.Saying($"There is no entitlement {wrong}, or it cannot have this value. The values of GET /v1/plans show them.");
        return !request.IsAddOn && needed.FirstOrDefault(n => !request.Values.ContainsKey(n)) is { } missing ? EntitlementMissing.Saying($"A plan must say {missing}.") : null;
    }

    static bool IsPrice(PriceResource price) => Currency.TryParse(price.Currency, out var currency) && currency.Code == price.Currency
        && LowercaseEnum<BillingInterval>.TryParse(price.Interval, out _) && price.AmountMinor >= 0 && price.AmountMinor % currency.ChargeStep == 0 && price.OverageMinor is null or > 0;
}
