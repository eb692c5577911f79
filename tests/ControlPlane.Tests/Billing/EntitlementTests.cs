using System.Collections.Immutable;
using ControlPlane.Core.Plans;
using CsCheck;
using EntitlementValues = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace ControlPlane.Tests.Billing;

public sealed class EntitlementTests
{
    static readonly EntitlementValues pro = Of("pro"), free = Of(SeedPlans.FreeKey);

    [Fact]
    public void An_add_on_adds_to_counts_and_an_override_has_the_last_word()
    {
        var storage = new AddOnValues(Of("storage-10gb"), 2);

        var values = EffectiveEntitlements.Of(pro, [storage], [], DunningMask.None);
        values[EntitlementKeys.StorageMb].ShouldBe("25600");

        values = EffectiveEntitlements.Of(pro, [storage], [new(EntitlementKeys.StorageMb, "7"), new(EntitlementKeys.StorageMb, "9")], DunningMask.None);
        values[EntitlementKeys.StorageMb].ShouldBe("9");
    }

    [Fact]
    public void The_best_word_the_least_interval_and_one_true_count()
    {
        var addOn = new AddOnValues(
            new Dictionary<string, string> { [EntitlementKeys.SupportLevel] = "priority", [EntitlementKeys.BackupEveryMinutesMin] = "60", ["features.cron"] = "true" }.ToImmutableSortedDictionary(StringComparer.Ordinal), 1);

        var values = EffectiveEntitlements.Of(free, [addOn], [], DunningMask.None);

        values[EntitlementKeys.SupportLevel].ShouldBe("priority");
        values[EntitlementKeys.BackupEveryMinutesMin].ShouldBe("60");
        values["features.cron"].ShouldBe("true");
        values["features.batches"].ShouldBe("false");
    }

    [Theory]
    [InlineData(DunningMask.None, "true", "true")]
    [InlineData(DunningMask.NoGrowth, "false", "true")]
    [InlineData(DunningMask.Stopped, "false", "false")]
    public void A_debt_takes_growth_first_and_the_service_then(DunningMask mask, string growth, string running)
    {
        // Not even an override helps.
        var values = EffectiveEntitlements.Of(pro, [], [new(EntitlementKeys.GrowthAllowed, "true"), new(EntitlementKeys.ServiceRunning, "true")], mask);

        values[EntitlementKeys.GrowthAllowed].ShouldBe(growth);
        values[EntitlementKeys.ServiceRunning].ShouldBe(running);
    }

    [Fact]
    public void The_same_inputs_give_the_same_values_and_add_ons_in_any_order()
    {
        var addOns = Gen.Select(Gen.Int[1, 100], Gen.Int[1, 5]).Array[0, 6].Select(all => all.Select(a => new AddOnValues(EntitlementValues.Empty.Add(EntitlementKeys.StorageMb, $"{a.Item1}"), a.Item2)).ToArray());
        addOns.Sample(
            given => EffectiveEntitlements.Of(pro, given, [], DunningMask.None).SequenceEqual(EffectiveEntitlements.Of(pro, given.Reverse(), [], DunningMask.None)), iter: 10_000);
    }

    [Theory]
    [InlineData("instance.memory_mb", "many")]
    [InlineData("instance.memory_mb", "-1")]
    [InlineData("features.cron", "yes")]
    [InlineData("support.level", "golden")]
    [InlineData("no.such", "1")]
    public void What_no_entitlement_can_be_is_refused(string key, string value) =>
        Should.Throw<ArgumentException>(() => EffectiveEntitlements.Of(free, [], [new(key, value)], DunningMask.None));

    [Fact]
    public void Every_plan_says_all_limits_of_an_instance()
    {
        foreach (var plan in SeedPlans.All.Where(p => !p.IsAddOn))
            InstanceLimits.From(Of(plan.Key)).MemoryMb.ShouldBeGreaterThan(0, plan.Key);
    }

    static EntitlementValues Of(string plan) => SeedPlans.Entitlements.Where(e => e.PlanKey == plan).ToImmutableSortedDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
}
