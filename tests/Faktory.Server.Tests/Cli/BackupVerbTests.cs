using System.Text.Json;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Cli;

/// <summary><c>backup</c>, <c>restore</c>, <c>verify</c> and <c>purge</c> as an operator runs them.</summary>
public sealed class BackupVerbTests : IDisposable
{
    const string Counts = """{"queued":2,"scheduled":1,"retries":1,"dead":1,"working":1}""";

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backup_of_a_running_server_is_restored_verified_and_served(bool isArchive)
    {
        await using var admin = await AdminServer.StartAsync();
        await using var client = await admin.ConnectAsync();
        await BackupTests.FillAsync(client);

        var backup = await BackUpAsync([
            "--admin", admin.Server.Host.AdminEndpoint!.ToString(), "--instance-file", admin.InstanceFile, .. isArchive ? ["--archive"] : Array.Empty<string>()]);
        backup.GetProperty("counts").GetRawText().ShouldBe(Counts);
        (await admin.GetAsync("/admin/backups")).Body.GetArrayLength().ShouldBe(0);

        var path = backup.GetProperty("path").GetString()!;
        File.Exists(path).ShouldBe(isArchive);
        var verified = await CommandRun.OfAsync("verify", path, "--json");
        verified.Code.ShouldBe(0, verified.Output + verified.Errors);
        JsonElement.Parse(verified.Output).GetProperty("counts").GetRawText().ShouldBe(Counts);

        await RestoreAndServeAsync(path);
    }

    [Fact]
    public async Task Backup_of_a_stopped_server_is_the_same()
    {
        var data = await FillDataAsync();

        var backup = await BackUpAsync(["-d", data]);

        backup.GetProperty("counts").GetRawText().ShouldBe(Counts);
        Directory.EnumerateFileSystemEntries(Path.Combine(data, "backups")).ShouldBeEmpty();
        await RestoreAndServeAsync(backup.GetProperty("path").GetString()!);
    }

    [Fact]
    public async Task Data_that_a_server_uses_is_left_alone()
    {
        await using var server = await TestServer.StartAsync();

        foreach (var verb in (string[][])[["backup", _folder["backups"]], ["verify"], ["repair", _folder["new"]], ["restore", _folder["backup.tar"]]])
        {
            if (verb[0] == "restore")
                await File.WriteAllTextAsync(_folder["backup.tar"], "");
            var run = await CommandRun.OfAsync([.. verb, "-d", server.DataDirectory]);
            run.Code.ShouldBe(74);
            run.Errors.ShouldContain("is another server using it?");
        }
    }

    [Fact]
    public async Task Restore_does_not_replace_jobs_unless_it_is_forced_and_then_keeps_them()
    {
        var backup = (await BackUpAsync(["-d", await FillDataAsync()])).GetProperty("path").GetString()!;
        await using (var server = await ServerProcess.StartAsync(_folder["other"]))
        {
            await using var client = await server.ConnectAsync();
            await client.PushAsync("job-other");
            await server.TerminateAsync();
        }

        var refused = await CommandRun.OfAsync("restore", backup, "-d", _folder["other"]);
        refused.Code.ShouldBe(1);
        refused.Errors.ShouldContain("--force");

        var forced = await CommandRun.OfAsync("restore", backup, "-d", _folder["other"], "--force", "--json");
        forced.Code.ShouldBe(0, forced.Errors);
        var previous = JsonElement.Parse(forced.Output).GetProperty("previous").GetString()!;
        Directory.Exists(previous).ShouldBeTrue();
        await ExpectServedAsync(_folder["other"]);
    }

    [Fact]
    public async Task A_damaged_backup_is_neither_restored_nor_called_sound()
    {
        var backup = (await BackUpAsync(["-d", await FillDataAsync()])).GetProperty("path").GetString()!;
        var table = Directory.EnumerateFiles(backup, "*.sst").First();
        var bytes = await File.ReadAllBytesAsync(table);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(table, bytes);

        var verified = await CommandRun.OfAsync("verify", backup);
        verified.Code.ShouldBe(3);
        verified.Output.ShouldContain(Path.GetFileName(table));

        var restored = await CommandRun.OfAsync("restore", backup, "-d", _folder["new"]);
        restored.Code.ShouldBe(1);
        restored.Errors.ShouldContain("is damaged");
        Directory.EnumerateFiles(_folder["new"], "*.sst", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_backup_is_refused_before_anything_is_made()
    {
        var run = await CommandRun.OfAsync("restore", _folder.Path, "-d", _folder["new"]);

        run.Code.ShouldBe(1);
        run.Errors.ShouldContain("is not a backup");
        Directory.Exists(_folder["new"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Purge_keeps_the_newest_and_never_the_last_one_goes()
    {
        var data = await FillDataAsync();
        var paths = new List<string>();
        foreach (var archive in (string[][])[[], ["--archive"], []])
            paths.Add((await BackUpAsync(["-d", data, .. archive])).GetProperty("path").GetString()!);
        await File.WriteAllTextAsync(Path.Combine(_folder["backups"], "notes.txt"), "mine");

        (await CommandRun.OfAsync("purge", _folder["backups"], "--keep", "0")).Code.ShouldBe(1);
        var run = await CommandRun.OfAsync("purge", _folder["backups"], "--keep", "1", "--json");

        run.Code.ShouldBe(0, run.Errors);
        JsonElement.Parse(run.Output).GetProperty("removed").EnumerateArray().Select(r => r.GetString()).ShouldBe(paths[..2]);
        Directory.EnumerateFileSystemEntries(_folder["backups"]).Order().ShouldBe([paths[2], Path.Combine(_folder["backups"], "notes.txt")]);
    }

    async Task<string> FillDataAsync()
    {
        await using var server = await ServerProcess.StartAsync(_folder["data"]);
        await using var client = await server.ConnectAsync();
        await BackupTests.FillAsync(client);
        await server.TerminateAsync();
        return _folder["data"];
    }

    async Task<JsonElement> BackUpAsync(string[] arguments)
    {
        var run = await CommandRun.OfAsync(["backup", _folder["backups"], "--json", .. arguments]);
        run.Code.ShouldBe(0, run.Errors);
        return JsonElement.Parse(run.Output);
    }

    async Task RestoreAndServeAsync(string backup)
    {
        var restored = await CommandRun.OfAsync("restore", backup, "-d", _folder["restored"]);
        restored.Code.ShouldBe(0, restored.Errors);
        await ExpectServedAsync(_folder["restored"]);
        (await CommandRun.OfAsync("verify", "-d", _folder["restored"])).Code.ShouldBe(0);
    }

    static async Task ExpectServedAsync(string data)
    {
        await using var server = await ServerProcess.StartAsync(data);
        await using var client = await server.ConnectAsync();
        // The other sets may have moved on with the time.
        (await client.CountAsync("scheduled")).ShouldBe(1);
        foreach (var jid in (string[])["job-next1", "job-next2"])
            (await client.FetchJidAsync()).ShouldBe(jid);
        await server.TerminateAsync();
    }
}
