using BackupScheduler.Jobs;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Backups;

public sealed class AlertOverdueBackupsTests(PostgresFixture postgres)
{
    readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Nothing_good_for_twice_the_interval_raises_an_alert_that_the_customer_sees()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await test.AddInstanceAsync();
        await test.AddPolicyAsync(instance, everyMinutes: 60, lastSucceededAt: clock.GetUtcNow());
        clock.Advance(TimeSpan.FromHours(2));
        await RunAsync(test);
        (await test.AlertsAsync()).ShouldBeEmpty();

        clock.Advance(TimeSpan.FromSeconds(1));
        await RunAsync(test);
        await RunAsync(test);
        var alert = (await test.AlertsAsync()).ShouldHaveSingleItem();
        alert.Kind.ShouldBe(Alerts.BackupOverdue);
        alert.OrganizationId.ShouldBe(test.Organization);
        alert.Subject.ShouldBe(instance.Id.ToString());
        alert.Message.ShouldBe("jobs has had no good backup since 2026-06-01 12:00:00Z, although one is due every hour.");
    }

    [Fact]
    public async Task An_instance_that_never_had_one_is_overdue_too()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        await test.AddPolicyAsync(await test.AddInstanceAsync(), everyMinutes: 30);
        clock.Advance(TimeSpan.FromMinutes(61));
        await RunAsync(test);
        (await test.AlertsAsync()).ShouldHaveSingleItem().Message.ShouldBe("jobs has had no good backup yet, although one is due every 30 minutes.");
    }

    [Fact]
    public async Task The_alert_ends_when_there_is_a_good_backup_again()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        await test.AddPolicyAsync(await test.AddInstanceAsync(), everyMinutes: 60);
        clock.Advance(TimeSpan.FromHours(3));
        await RunAsync(test);
        (await test.AlertsAsync()).Count.ShouldBe(1);

        await test.SaveAsync(db => db.BackupPolicies.Single().LastSucceededAt = clock.GetUtcNow());
        await RunAsync(test);
        (await test.AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_alert_ends_when_the_policy_is_switched_off()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        await test.AddPolicyAsync(await test.AddInstanceAsync(), everyMinutes: 60);
        clock.Advance(TimeSpan.FromHours(3));
        await RunAsync(test);
        await test.SaveAsync(db => db.BackupPolicies.Single().Enabled = false);
        await RunAsync(test);
        (await test.AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_backup_that_hangs_does_not_hide_it()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await test.AddInstanceAsync();
        await test.AddPolicyAsync(instance, everyMinutes: 60);
        await test.SaveAsync(db => db.FileBackup(instance, BackupTrigger.Policy, clock));
        clock.Advance(TimeSpan.FromHours(3));
        await RunAsync(test);
        (await test.AlertsAsync()).Count.ShouldBe(1);
    }

    static Task RunAsync(BackupTest test) => test.Job<AlertOverdueBackups>().RunAsync(default);
}
