using BackupScheduler.Jobs;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Backups;

public sealed class FileDueBackupsTests(PostgresFixture postgres)
{
    readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_new_instance_is_first_backed_up_within_a_quarter_of_an_hour()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await test.AddInstanceAsync();
        await test.AddPolicyAsync(instance, everyMinutes: 24 * 60);
        await RunAsync(test);
        (await test.BackupsAsync(instance)).ShouldBeEmpty();
        clock.Advance(FileDueBackups.FirstAfter);
        await RunAsync(test);
        (await test.BackupsAsync(instance)).ShouldHaveSingleItem().Trigger.ShouldBe(BackupTrigger.Policy);
    }

    [Fact]
    public async Task A_due_policy_files_one_backup_with_its_operation_and_moves_on()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await DueAsync(test, everyMinutes: 60);
        await RunAsync(test);
        await RunAsync(test);
        var backup = (await test.BackupsAsync(instance)).ShouldHaveSingleItem();
        await using var fleet = test.Fleet();
        var operation = await fleet.Db.Operations.SingleAsync();
        operation.Kind.ShouldBe(OperationKinds.BackupCreate.Name);
        operation.Subject.ShouldBe(backup.Id.ToString());
        var next = (await test.PolicyAsync(instance)).NextRunAt!.Value;
        next.ShouldBeGreaterThan(clock.GetUtcNow());
        next.ShouldBeLessThanOrEqualTo(clock.GetUtcNow().AddHours(1));
    }

    [Fact]
    public async Task A_scheduler_that_was_down_for_a_day_takes_one_backup_and_records_what_was_missed()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await DueAsync(test, everyMinutes: 60);
        clock.Advance(TimeSpan.FromDays(1));
        await RunAsync(test);
        await RunAsync(test);
        (await test.BackupsAsync(instance)).Count.ShouldBe(1);
        await using var fleet = test.Fleet();
        var entry = await fleet.Db.AuditEntries.SingleAsync();
        entry.Action.ShouldBe("backup.caught_up");
        entry.Detail!.ShouldContain("24 more were due");
    }

    [Fact]
    public async Task Two_schedulers_at_once_file_each_due_backup_once()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instances = new List<Instance>();
        for (var i = 0; i < 120; i++)
            instances.Add(await DueAsync(test, everyMinutes: 60, name: $"jobs-{i}"));
        await Task.WhenAll(RunAsync(test), RunAsync(test), RunAsync(test));
        await RunAsync(test);
        foreach (var instance in instances)
            (await test.BackupsAsync(instance)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task While_one_is_still_being_taken_the_next_is_skipped_and_recorded()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await DueAsync(test, everyMinutes: 60);
        await RunAsync(test);
        clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(test);
        (await test.BackupsAsync(instance)).Count.ShouldBe(1);
        await using var fleet = test.Fleet();
        (await fleet.Db.AuditEntries.SingleAsync()).Action.ShouldBe("backup.skipped");
        (await test.PolicyAsync(instance)).NextRunAt!.Value.ShouldBeGreaterThan(clock.GetUtcNow());
    }

    [Fact]
    public async Task A_suspended_instance_is_backed_up_once_it_runs_again()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await DueAsync(test, everyMinutes: 60);
        await test.ChangeAsync(instance, i => i.Desired = DesiredState.Suspended);
        clock.Advance(TimeSpan.FromDays(7));
        await RunAsync(test);
        await test.Job<AlertOverdueBackups>().RunAsync(default);
        (await test.BackupsAsync(instance)).ShouldBeEmpty();
        (await test.AlertsAsync()).ShouldBeEmpty();

        await test.ChangeAsync(instance, i => i.Desired = DesiredState.Running);
        await RunAsync(test);
        await test.Job<AlertOverdueBackups>().RunAsync(default);
        (await test.BackupsAsync(instance)).Count.ShouldBe(1);
        (await test.AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_policy_that_became_stricter_is_met_at_once()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await test.AddInstanceAsync();
        await test.AddPolicyAsync(instance, everyMinutes: 15, lastSucceededAt: clock.GetUtcNow().AddHours(-20));
        await RunAsync(test);
        (await test.BackupsAsync(instance)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_policy_that_is_off_files_nothing()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await DueAsync(test, everyMinutes: 60);
        await test.SaveAsync(db => db.BackupPolicies.Single().Enabled = false);
        await RunAsync(test);
        (await test.BackupsAsync(instance)).ShouldBeEmpty();
    }

    static Task RunAsync(BackupTest test) => test.Job<FileDueBackups>().RunAsync(default);

    async Task<Instance> DueAsync(BackupTest test, int everyMinutes, string name = "jobs")
    {
        var instance = await test.AddInstanceAsync(name);
        await test.AddPolicyAsync(instance, everyMinutes);
        await test.SaveAsync(db => db.BackupPolicies.Single(p => p.InstanceId == instance.Id).NextRunAt = clock.GetUtcNow());
        return instance;
    }
}
