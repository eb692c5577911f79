using ControlPlane.Client;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Ids;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Api;

public sealed class BackupCallTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_new_instance_is_backed_up_daily()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer)).Id;

        var policy = await customer.Client.GetBackupPolicyAsync(id);

        policy.ShouldSatisfyAllConditions(p => p.Enabled.ShouldBeTrue(), p => p.Schedule.ShouldBe("daily"), p => p.Keep.ShouldBe(3));
        (policy.NextRunAt!.Value - server.Clock.GetUtcNow()).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task A_policy_stays_within_the_plan()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer, plan: "pro")).Id;
        var everyQuarter = new BackupPolicyResource(true, "minutes", 15, null, 48);

        await customer.Client.PutBackupPolicyAsync(id, everyQuarter with { EveryMinutes = 14 }).ShouldBeRefusedAsync("backups_too_frequent");
        await customer.Client.PutBackupPolicyAsync(id, everyQuarter with { EveryMinutes = 4 }).ShouldBeRefusedAsync("invalid_every_minutes");
        await customer.Client.PutBackupPolicyAsync(id, everyQuarter with { EveryMinutes = null }).ShouldBeRefusedAsync("invalid_every_minutes");
        await customer.Client.PutBackupPolicyAsync(id, everyQuarter with { Schedule = "weekly" }).ShouldBeRefusedAsync("invalid_schedule");
        await customer.Client.PutBackupPolicyAsync(id, everyQuarter with { Keep = 0 }).ShouldBeRefusedAsync("invalid_keep");
        await customer.Client.PutBackupPolicyAsync(id, new BackupPolicyResource(true, "daily", null, null, 1)).ShouldBeRefusedAsync("invalid_at_hour");
        var tooMany = await customer.Client.PutBackupPolicyAsync(id, everyQuarter with { Keep = 49 }).ShouldBeRefusedAsync("backups_kept_exceed_plan");
        tooMany.Detail.ShouldBe("The plan Pro keeps 48 backups at most. Keep fewer, or choose a larger plan.");
        (await customer.Client.GetBackupPolicyAsync(id)).Schedule.ShouldBe("daily");

        var put = await customer.Client.PutBackupPolicyAsync(id, everyQuarter with { NextRunAt = DateTimeOffset.UnixEpoch });
        put.EveryMinutes.ShouldBe(15);
        put.NextRunAt!.Value.ShouldBe(server.Clock.GetUtcNow().AddMinutes(15), TimeSpan.FromMinutes(1));
        (await customer.Client.PutBackupPolicyAsync(id, put with { Enabled = false })).NextRunAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_smaller_plan_brings_the_policy_to_its_limits()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer, plan: "pro")).Id;
        await customer.Client.PutBackupPolicyAsync(id, new BackupPolicyResource(true, "minutes", 15, null, 48));

        await customer.Client.ChangePlanAsync(id, new ChangePlanRequest("free", "now"));

        (await customer.Client.GetBackupPolicyAsync(id)).ShouldSatisfyAllConditions(p => p.Schedule.ShouldBe("daily"), p => p.Keep.ShouldBe(3), p => p.EveryMinutes.ShouldBeNull());
    }

    [Fact]
    public async Task A_backup_on_demand_is_filed_once_at_a_time()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var id = (await server.AddRunningInstanceAsync(customer)).Id;

        var backup = await customer.Client.CreateBackupAsync(id);

        backup.ShouldSatisfyAllConditions(b => b.State.ShouldBe("pending"), b => b.Trigger.ShouldBe("manual"), b => b.Operation!.Kind.ShouldBe("backup.create"));
        (await customer.Client.ListBackupsAsync(id)).Items.Single().Operation!.Id.ShouldBe(backup.Operation!.Id);
        await customer.Client.CreateBackupAsync(id).ShouldBeRefusedAsync("backup_in_progress");
    }

    [Fact]
    public async Task A_restore_names_one_good_backup()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(customer);
        var pending = await customer.Client.CreateBackupAsync(instance.Id);
        var now = server.Clock.GetUtcNow();
        var restore = new RestoreRequest(pending.Id, null, "in_place");

        await customer.Client.RestoreAsync(instance.Id, restore).ShouldBeRefusedAsync("backup_not_usable");
        await customer.Client.RestoreAsync(instance.Id, restore with { At = now }).ShouldBeRefusedAsync("backup_not_named");
        await customer.Client.RestoreAsync(instance.Id, restore with { BackupId = null }).ShouldBeRefusedAsync("backup_not_named");
        await customer.Client.RestoreAsync(instance.Id, restore with { BackupId = "bak_nonsense" }).ShouldBeRefusedAsync("backup_not_found");
        await customer.Client.RestoreAsync(instance.Id, restore with { BackupId = null, At = now }).ShouldBeRefusedAsync("no_backup_before");
        await customer.Client.RestoreAsync(instance.Id, restore with { Into = "elsewhere" }).ShouldBeRefusedAsync("invalid_into");
        await SucceedAsync(server, pending.Id);
        await customer.Client.RestoreAsync(instance.Id, restore with { Into = "new" }).ShouldBeRefusedAsync("invalid_name");
        await customer.Client.RestoreAsync(instance.Id, restore with { Into = "new", Name = "orders" }).ShouldBeRefusedAsync("instance_name_taken");

        var restored = await customer.Client.RestoreAsync(instance.Id, restore with { BackupId = null, At = now.AddHours(1) });
        restored.Instance.Id.ShouldBe(instance.Id);
        restored.Operation.ShouldSatisfyAllConditions(o => o.Kind.ShouldBe("backup.restore"), o => o.Subject.ShouldBe(instance.Id));
    }

    [Fact]
    public async Task A_restore_into_a_new_instance_provisions_it_first_even_when_the_old_one_is_deleted()
    {
        await using var server = await ApiServer.StartAsync(postgres);
        var customer = await server.SignUpAsync();
        var instance = await server.AddRunningInstanceAsync(customer);
        var backup = await customer.Client.CreateBackupAsync(instance.Id);
        await SucceedAsync(server, backup.Id);
        await customer.Client.DeleteInstanceAsync(instance.Id);
        await customer.Client.RestoreAsync(instance.Id, new RestoreRequest(backup.Id, null, "in_place")).ShouldBeRefusedAsync("instance_deleted");

        var restored = await customer.Client.RestoreAsync(instance.Id, new RestoreRequest(backup.Id, null, "new", "rescued"));

        restored.Instance.ShouldSatisfyAllConditions(i => i.Name.ShouldBe("rescued"), i => i.Id.ShouldNotBe(instance.Id));
        (await customer.Client.ListOperationsAsync(restored.Instance.Id)).Items.Select(o => o.Kind).ShouldBe(["backup.restore", "instance.provision"]);
        (await customer.Client.GetBackupPolicyAsync(restored.Instance.Id)).Enabled.ShouldBeTrue();
    }

    static async Task SucceedAsync(ApiServer server, string id)
    {
        await server.FinishOperationsAsync(id);
        await using var scope = server.Fleet();
        BackupId.TryParse(id, out var backup).ShouldBeTrue();
        await scope.Db.Backups.Where(b => b.Id == backup).ExecuteUpdateAsync(set => set.SetProperty(b => b.State, BackupState.Succeeded));
    }
}
