using System.Collections.Immutable;
using BackupScheduler.Jobs;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;

namespace ControlPlane.Tests.Backups;

public sealed class PolicySlotsTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 29, 12, 0, 0, TimeSpan.Zero);
    static readonly InstanceLimits Business = Limits("business");
    static readonly InstanceLimits Free = Limits(SeedPlans.FreeKey);

    [Fact]
    public void Slots_lie_one_interval_apart_and_never_drift()
    {
        var slots = PolicySlots.Of(Policy(BackupSchedule.Minutes, everyMinutes: 20), Business);
        var slot = slots.After(Noon);
        (slot - Noon).ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromMinutes(20));
        for (var i = 0; i < 200; i++)
        {
            slots.After(slot).ShouldBe(slot.AddMinutes(20));
            slots.After(slot.AddMinutes(19).AddSeconds(59)).ShouldBe(slot.AddMinutes(20));
            slot = slots.After(slot);
        }
    }

    [Fact]
    public void A_daily_backup_begins_in_the_half_hour_after_its_hour_on_every_day_of_the_year()
    {
        var slots = PolicySlots.Of(Policy(BackupSchedule.Daily, atHour: 3), Business);
        for (var day = 0; day < 365; day++)
        {
            var slot = slots.After(Noon.AddDays(day));
            slot.Date.ShouldBe(Noon.AddDays(day + 1).Date);
            slot.TimeOfDay.ShouldBeInRange(TimeSpan.FromHours(3), TimeSpan.FromHours(3.5));
        }
    }

    [Fact]
    public void A_thousand_hourly_policies_spread_over_the_hour()
    {
        var perMinute = Enumerable.Range(0, 1000)
            .Select(_ => PolicySlots.Of(Policy(BackupSchedule.Hourly), Business).After(Noon).Minute)
            .GroupBy(minute => minute).Select(g => g.Count()).ToList();
        perMinute.Count.ShouldBe(60);
        perMinute.Max().ShouldBeLessThan(60);
    }

    [Fact]
    public void A_plan_that_allows_fewer_backups_stretches_the_interval()
    {
        PolicySlots.Of(Policy(BackupSchedule.Minutes, everyMinutes: 5), Free).Every.ShouldBe(TimeSpan.FromDays(1));
        PolicySlots.Of(Policy(BackupSchedule.Minutes, everyMinutes: 5), Business).Every.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Slots_that_passed_unnoticed_are_counted()
    {
        var slots = PolicySlots.Of(Policy(BackupSchedule.Hourly), Business);
        slots.MissedBetween(Noon, Noon).ShouldBe(0);
        slots.MissedBetween(Noon, Noon.AddMinutes(59)).ShouldBe(0);
        slots.MissedBetween(Noon, Noon.AddHours(3)).ShouldBe(3);
    }

    static BackupPolicy Policy(BackupSchedule schedule, int? everyMinutes = null, int? atHour = null) => new()
    {
        InstanceId = InstanceId.New(TimeProvider.System),
        OrganizationId = default,
        Enabled = true,
        Schedule = schedule,
        EveryMinutes = everyMinutes,
        AtHour = atHour,
        Keep = 3,
    };

    static InstanceLimits Limits(string plan) =>
        InstanceLimits.From(SeedPlans.Entitlements.Where(e => e.PlanKey == plan).ToImmutableSortedDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal));
}
