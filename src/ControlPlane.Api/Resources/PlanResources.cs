using ControlPlane.Client;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;

namespace ControlPlane.Api.Resources;

static class PlanResources
{
    internal static PlanResource ToResource(this PlanOffer offer)
    {
        var (plan, prices) = (offer.Plan, offer.Prices);
        return new PlanResource(
            plan.Key, plan.Name, plan.Summary, prices[0].AmountMinor, prices[0].Currency, ToResource(offer.Limits), offer.Version.Version, offer.Version.TrialDays, Prices(offer),
            [.. EntitlementKeys.Features.Where(f => offer.Values.GetValueOrDefault(EntitlementKeys.FeaturePrefix + f) == "true")],
            offer.Values);
    }

    internal static AddOnResource ToAddOn(this PlanOffer offer) =>
        new(offer.Plan.Key, offer.Plan.Name, offer.Plan.Summary, offer.Version.Version, Prices(offer), offer.Values);

    internal static PlanOfferResource ToOffer(this PlanOffer offer)
    {
        var (plan, version) = (offer.Plan, offer.Version);
        return new PlanOfferResource(
            plan.Key, plan.Name, plan.Summary, plan.Position, plan.IsAddOn, plan.IsPublic, plan.RequiresVendorContract, version.Version, version.TrialDays, version.CreatedAt, version.CreatedBy, Prices(offer), offer.Values);
    }

    internal static CouponResource ToResource(this Coupon coupon) => new(
        coupon.Code, coupon.PercentPpm, coupon.AmountMinor, coupon.Currency, coupon.Duration.ToText(), coupon.Months, coupon.RedemptionsMax, coupon.Redemptions, coupon.ExpiresAt, coupon.EndedAt, coupon.CreatedAt);

    internal static OverrideResource ToResource(this EntitlementOverride given) => new(
        given.Id.ToString(), given.OrganizationId.ToString(), given.InstanceId?.ToString(), given.Key, given.Value, given.Reason, given.Actor, given.CreatedAt, given.ExpiresAt, given.RevokedAt);

    static List<PriceResource> Prices(PlanOffer offer) => [.. offer.Prices.Select(p => new PriceResource(p.Currency, p.Interval.ToText(), p.AmountMinor, p.OverageMinor))];

    static EntitlementsResource ToResource(InstanceLimits limits) =>
        new(limits.InstancesMax, limits.MemoryMb, limits.CpuMillis, limits.ConnectionsMax, limits.StorageMb, limits.BackupsKeptMax, limits.BackupEveryMinutesMin);
}
