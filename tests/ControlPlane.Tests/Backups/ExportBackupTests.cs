using System.Text;
using BackupScheduler.Archives;
using BackupScheduler.Exports;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Backups;

public sealed class ExportBackupTests(PostgresFixture postgres)
{
    [Fact]
    public async Task An_exported_backup_can_be_put_into_a_server_by_hand()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Server.PushAsync("job-00000001", "job-00000002");
        var backup = await scheduler.BackUpAsync();
        // The database has forgotten the backup; the store and the key ring have not.
        await scheduler.Test.SaveAsync(db => db.Backups.Remove(db.Backups.Single()));
        var folder = Path.Combine(scheduler.Test.Folder, "exported");
        using var output = new StringWriter();

        (await ExportCommand.RunAsync(BackupArchives.KeysOf(backup).Prefix, folder, [.. scheduler.SchedulerArguments], output, TextWriter.Null)).ShouldBe(0);

        output.ToString().ShouldContain("2 jobs");
        await using var server = await scheduler.Test.StartServerAsync("by-hand");
        using var http = new HttpClient { BaseAddress = new Uri(server.AdminAddress) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", server.AdminToken);
        var admin = scheduler.Test.Job<BackupScheduler.Instances.AdminPorts>().At(server.AdminAddress, server.AdminToken);
        var restore = await admin.CreateRestoreAsync(default);
        foreach (var file in Directory.GetFiles(folder).Where(f => Path.GetFileName(f) != ExportBackup.CommitFile))
            (await http.PutAsync($"/admin/restores/{restore}/files/{Path.GetFileName(file)}", new ByteArrayContent(await File.ReadAllBytesAsync(file)))).EnsureSuccessStatusCode();
        using var commit = new StringContent(await File.ReadAllTextAsync(Path.Combine(folder, ExportBackup.CommitFile)), Encoding.UTF8, "application/json");
        (await http.PostAsync($"/admin/restores/{restore}/commit", commit)).EnsureSuccessStatusCode();
        (await server.DrainAsync(2)).ShouldBe(["job-00000001", "job-00000002"]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("org_x/ins_y/bak_z")]
    public async Task What_is_no_backup_is_refused_with_a_reason(string place)
    {
        await using var test = await BackupTest.StartAsync(postgres, TimeProvider.System);
        using var errors = new StringWriter();
        var code = await ExportCommand.RunAsync(place, Path.Combine(test.Folder, "exported"), [.. test.Settings.Select(s => $"--{s.Key}={s.Value}")], TextWriter.Null, errors);
        code.ShouldBe(1);
        errors.ToString().ShouldContain(place);
        Directory.Exists(Path.Combine(test.Folder, "exported")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_left_alone()
    {
        await using var test = await BackupTest.StartAsync(postgres, TimeProvider.System);
        var backup = await test.AddBackupAsync(await test.AddInstanceAsync(), TimeSpan.Zero);
        await Should.ThrowAsync<IOException>(() => test.Job<ExportBackup>().RunAsync(BackupArchives.KeysOf(backup), test.Folder, default));
    }
}
