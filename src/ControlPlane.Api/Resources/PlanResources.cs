using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;

namespace ControlPlane.Api.Resources;

static class PlanResources
{
    internal static PlanResource ToResource(this PlanOffer offer)
    {
        var (plan, prices) = (offer.Plan, offer.Prices);
        return new PlanResource(
            plan.Key, plan.Name, plan.Summary, prices[0].AmountMinor, prices[0].Currency, plan.IsAddOn ? null : ToResource(offer.Limits), offer.Version.Version, plan.IsAddOn, offer.Version.TrialDays,
            [.. prices.Select(p => new PriceResource(p.Currency, p.Interval.ToText(), p.AmountMinor, p.OverageMinor))],
            [.. EntitlementKeys.Features.Where(f => offer.Values.GetValueOrDefault(EntitlementKeys.FeaturePrefix + f) == "true")],
            offer.Values);
    }

    static EntitlementsResource ToResource(InstanceLimits limits) =>
        new(limits.InstancesMax, limits.MemoryMb, limits.CpuMillis, limits.ConnectionsMax, limits.StorageMb, limits.BackupsKeptMax, limits.BackupEveryMinutesMin);
}
