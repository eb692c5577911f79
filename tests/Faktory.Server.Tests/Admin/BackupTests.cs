using System.Net;
using System.Security.Cryptography;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Admin;

public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_counts_its_jobs_and_names_its_files_with_their_hashes()
    {
        await using var admin = await AdminServer.StartAsync();
        await FillAsync(await admin.ConnectAsync());
        var (status, backup) = await admin.PostAsync("/admin/backups");
        status.ShouldBe(HttpStatusCode.Created);
        backup.GetProperty("counts").GetRawText().ShouldBe("""{"queued":2,"scheduled":1,"retries":1,"dead":1,"working":1}""");
        backup.GetProperty("sequence").GetInt64().ShouldBeGreaterThan(0);

        foreach (var file in backup.GetProperty("files").EnumerateArray())
        {
            var bytes = await admin.DownloadAsync($"/admin/backups/{backup.GetProperty("id")}/files/{file.GetProperty("name")}");
            bytes.LongLength.ShouldBe(file.GetProperty("bytes").GetInt64());
            Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(file.GetProperty("sha256").GetString());
        }
    }

    [Fact]
    public async Task Backups_are_listed_found_and_deleted_also_after_a_restart()
    {
        await using var admin = await AdminServer.StartAsync();
        var (_, backup) = await admin.PostAsync("/admin/backups");
        var path = $"/admin/backups/{backup.GetProperty("id")}";
        await admin.RestartAsync();

        (await admin.GetAsync("/admin/backups")).Body.EnumerateArray().ShouldHaveSingleItem().GetRawText().ShouldBe(backup.GetRawText());
        (await admin.GetAsync(path)).Body.GetRawText().ShouldBe(backup.GetRawText());
        (await admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await admin.GetAsync(path)).Body.GetProperty("code").GetString().ShouldBe("unknown_backup");
        (await admin.GetAsync("/admin/backups")).Body.GetArrayLength().ShouldBe(0);
        Directory.EnumerateFileSystemEntries(Path.Combine(admin.DataDirectory, "backups")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/admin/backups/nothing")]
    [InlineData("/admin/backups/..%2f..%2finstance")]
    [InlineData("/admin/backups/nothing/files/CURRENT")]
    public async Task An_unknown_backup_is_404(string path)
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.GetAsync(path);
        status.ShouldBe(HttpStatusCode.NotFound);
        body.GetProperty("code").GetString().ShouldBe("unknown_backup");
    }

    [Fact]
    public async Task A_file_that_is_not_in_the_backup_cannot_be_had()
    {
        await using var admin = await AdminServer.StartAsync();
        var (_, backup) = await admin.PostAsync("/admin/backups");
        foreach (var name in (string[])["../../lock", "..%2f..%2flock", ".", "LOCK"])
            (await admin.GetAsync($"/admin/backups/{backup.GetProperty("id")}/files/{name}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Deleting_by_a_name_that_leads_elsewhere_deletes_nothing()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-00001");
        await admin.PostAsync("/admin/backups");
        (await admin.DeleteAsync("/admin/backups/..%2fmain")).Status.ShouldBe(HttpStatusCode.NoContent);
        await admin.RestartAsync();
        (await (await admin.ConnectAsync()).FetchJidAsync()).ShouldBe("job-00001");
    }

    /// <summary>Two queued, one scheduled, one to be retried, one dead, one at work.</summary>
    internal static async Task FillAsync(WireClient client)
    {
        foreach (var jid in (string[])["job-retry", "job-work0"])
            await client.PushAsync(jid);
        await client.PushAsync("job-dead0", "dying", "\"retry\":-1");
        await client.PushAsync("job-later", more: "\"at\":\"2027-01-01T00:00:00Z\"");
        foreach (var queue in (string[])["default", "dying"])
            (await client.CallAsync($$"""FAIL {"jid":"{{await client.FetchJidAsync(queue)}}"}""")).ShouldBe("+OK");
        (await client.FetchJidAsync()).ShouldBe("job-work0");
        foreach (var jid in (string[])["job-next1", "job-next2"])
            await client.PushAsync(jid);
    }
}
