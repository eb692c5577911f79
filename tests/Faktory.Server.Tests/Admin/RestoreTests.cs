using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Admin;

public sealed class RestoreTests
{
    [Fact]
    public async Task A_backup_taken_under_load_is_restored_into_another_server_job_by_job()
    {
        await using var source = await AdminServer.StartAsync();
        await BackupTests.FillAsync(await source.ConnectAsync());
        using var enough = new CancellationTokenSource();
        var pushers = Enumerable.Range(0, 4).Select(i => PushAsync(source, i, enough.Token)).ToArray();
        await source.Server.UntilAsync(engine => engine.Queues.JobCount > 100);
        var backup = await Backup.TakeAsync(source);
        await source.Server.UntilAsync(engine => engine.Queues.JobCount > backup.Queued + 20);
        await enough.CancelAsync();
        var acknowledgedBefore = await Task.WhenAll(pushers);

        await using var target = await AdminServer.StartAsync();
        await (await target.ConnectAsync()).PushAsync("job-gone0");
        var id = await backup.PutAsync(target);
        var (status, body) = await target.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody);
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        body.GetProperty("counts").GetRawText().ShouldBe(backup.Counts.GetRawText());

        var client = await target.ConnectAsync();
        var jids = new HashSet<string>();
        while (await client.FetchJidAsync() is { } jid && jids.Add(jid) && jids.Count < backup.Queued)
            (await client.CallAsync($$"""ACK {"jid":"{{jid}}"}""")).ShouldBe("+OK");
        jids.Count.ShouldBe(backup.Queued);
        jids.ShouldNotContain("job-gone0");
        jids.Except(["job-next1", "job-next2"]).ShouldBeSubsetOf(acknowledgedBefore.SelectMany(pushed => pushed));
        (await client.CallAsync("""ACK {"jid":"job-work0"}""")).ShouldBe("+OK");
        (await target.StatsAsync()).GetProperty("working").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_and_a_rollback_can_be_repeated_and_survive_restarts()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-old00");
        var backup = await Backup.TakeAsync(admin);
        await (await admin.ConnectAsync()).PushAsync("job-new00");
        var id = await backup.PutAsync(admin);

        for (var i = 0; i < 2; i++)
            (await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody)).Status.ShouldBe(HttpStatusCode.OK);
        await admin.RestartAsync();
        (await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody)).Body.GetProperty("counts").GetRawText().ShouldBe(backup.Counts.GetRawText());
        (await admin.GetAsync("/admin/restores")).Body.EnumerateArray().ShouldHaveSingleItem().GetProperty("state").GetString().ShouldBe("committed");
        (await admin.StatsAsync()).GetProperty("queued").GetInt32().ShouldBe(1);

        for (var i = 0; i < 2; i++)
            (await admin.PostAsync($"/admin/restores/{id}/rollback")).Status.ShouldBe(HttpStatusCode.OK);
        await admin.RestartAsync();
        (await admin.PostAsync($"/admin/restores/{id}/rollback")).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.StatsAsync()).GetProperty("queued").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_a_committed_restore_removes_the_old_data_and_keeps_the_new()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-old00");
        var backup = await Backup.TakeAsync(admin);
        var id = await backup.PutAsync(admin);
        await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody);
        Directory.Exists(Path.Combine(admin.DataDirectory, "main")).ShouldBeTrue();

        for (var i = 0; i < 2; i++)
            (await admin.DeleteAsync($"/admin/restores/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        Directory.Exists(Path.Combine(admin.DataDirectory, "main")).ShouldBeFalse();
        (await admin.GetAsync("/admin/restores")).Body.GetArrayLength().ShouldBe(0);
        await admin.RestartAsync();
        (await (await admin.ConnectAsync()).FetchJidAsync()).ShouldBe("job-old00");
    }

    [Fact]
    public async Task Of_two_restores_the_newest_old_data_is_kept()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-old00");
        var backup = await Backup.TakeAsync(admin);
        var first = await backup.PutAsync(admin);
        await admin.PostAsync($"/admin/restores/{first}/commit", backup.CommitBody);
        await (await admin.ConnectAsync()).PushAsync("job-mid00");
        var second = await backup.PutAsync(admin);
        await admin.PostAsync($"/admin/restores/{second}/commit", backup.CommitBody);

        Directory.Exists(Path.Combine(admin.DataDirectory, "main")).ShouldBeFalse();
        (await admin.DeleteAsync($"/admin/restores/{first}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await admin.PostAsync($"/admin/restores/{second}/rollback")).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.StatsAsync()).GetProperty("queued").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task What_does_not_match_is_refused_and_the_live_data_is_not_touched()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-00001");
        var backup = await Backup.TakeAsync(admin);
        var client = await admin.ConnectAsync();
        await client.PushAsync("job-00002");
        var table = backup.Files.Keys.Single(name => name.EndsWith(".sst", StringComparison.Ordinal));

        await RefusedAsync(admin, backup, files => files[table][^10] ^= 1);
        await RefusedAsync(admin, backup, files => files[table] = files[table][..^1]);
        await RefusedAsync(admin, backup, files => files.Remove("CURRENT"));
        await RefusedAsync(admin, backup, files => files["extra"] = [1]);
        await RefusedAsync(admin, backup with { Counts = JsonElement.Parse("""{"queued":2,"scheduled":0,"retries":0,"dead":0,"working":0}""") }, _ => { });

        // The same connection still: nothing was swapped, not even for a moment.
        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await client.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Fact]
    public async Task A_refused_commit_can_be_tried_again_after_the_file_is_put_again()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-00001");
        var backup = await Backup.TakeAsync(admin);
        var id = await backup.PutAsync(admin);
        await admin.UploadAsync($"/admin/restores/{id}/files/CURRENT", [1, 2, 3]);
        (await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await admin.UploadAsync($"/admin/restores/{id}/files/CURRENT", backup.Files["CURRENT"]);
        (await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("..%2fmain")]
    [InlineData(".hidden")]
    [InlineData("a%20b")]
    public async Task A_file_name_that_is_not_plain_is_refused(string name)
    {
        await using var admin = await AdminServer.StartAsync();
        var id = (await admin.PostAsync("/admin/restores")).Body.GetProperty("id");
        (await admin.UploadAsync($"/admin/restores/{id}/files/{name}", [1])).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_unknown_restore_is_404_and_one_never_committed_cannot_be_rolled_back()
    {
        await using var admin = await AdminServer.StartAsync();
        foreach (var call in (string[])["commit", "rollback"])
            (await admin.PostAsync($"/admin/restores/nothing/{call}")).Body.GetProperty("code").GetString().ShouldBe("unknown_restore");
        (await admin.UploadAsync("/admin/restores/nothing/files/CURRENT", [1])).ShouldBe(HttpStatusCode.NotFound);
        (await admin.DeleteAsync("/admin/restores/nothing")).Status.ShouldBe(HttpStatusCode.NoContent);

        var id = (await admin.PostAsync("/admin/restores")).Body.GetProperty("id");
        (await admin.PostAsync($"/admin/restores/{id}/rollback")).Body.GetProperty("code").GetString().ShouldBe("restore_not_committed");
    }

    [Fact]
    public async Task A_file_far_larger_than_other_bodies_may_be_is_taken()
    {
        await using var admin = await AdminServer.StartAsync();
        var id = (await admin.PostAsync("/admin/restores")).Body.GetProperty("id");
        (await admin.UploadAsync($"/admin/restores/{id}/files/large.sst", new byte[3 << 20])).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Damaged_data_is_healed_by_a_restore()
    {
        await using var admin = await AdminServer.StartAsync();
        await (await admin.ConnectAsync()).PushAsync("job-00001");
        var backup = await Backup.TakeAsync(admin);
        await admin.RestartAsync(() => Backup.DamageStore(admin.DataDirectory));
        (await admin.ReadinessAsync()).ShouldBe("needs_repair");

        var id = await backup.PutAsync(admin);
        (await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody)).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.ReadinessAsync()).ShouldBe("ok");
        (await (await admin.ConnectAsync()).FetchJidAsync()).ShouldBe("job-00001");
    }

    [Fact]
    public async Task Clients_are_disconnected_by_a_commit_and_served_again_after_it()
    {
        await using var admin = await AdminServer.StartAsync();
        var client = await admin.ConnectAsync();
        await client.PushAsync("job-00001");
        var backup = await Backup.TakeAsync(admin);
        var id = await backup.PutAsync(admin);
        await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody);
        (await client.ReadToEndAsync()).ShouldBe("");
        await (await admin.ConnectAsync()).PushAsync("job-00002");
    }

    static async Task RefusedAsync(AdminServer admin, Backup backup, Action<Dictionary<string, byte[]>> change)
    {
        var files = backup.Files.ToDictionary(f => f.Key, f => f.Value.ToArray());
        change(files);
        var id = await (backup with { Files = files }).PutAsync(admin);
        var (status, body) = await admin.PostAsync($"/admin/restores/{id}/commit", backup.CommitBody);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        body.GetProperty("code").GetString().ShouldBe("restore_mismatch");
        (await admin.DeleteAsync($"/admin/restores/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    // Returns every jid that was acknowledged, and the one that may have been.
    static async Task<List<string>> PushAsync(AdminServer admin, int pusher, CancellationToken enough)
    {
        var client = await admin.ConnectAsync();
        var jids = new List<string>();
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            jids.Add($"load-{pusher}-{i:d6}");
            await client.PushAsync(jids[^1]);
        }
        return jids;
    }
}

/// <summary>A backup in a test's hands.</summary>
sealed record Backup(JsonElement Counts, JsonElement Listed, Dictionary<string, byte[]> Files)
{
    internal int Queued => Counts.GetProperty("queued").GetInt32();

    internal string CommitBody => new JsonObject { ["files"] = JsonNode.Parse(Listed.GetRawText()), ["counts"] = JsonNode.Parse(Counts.GetRawText()) }.ToJsonString();

    internal static async Task<Backup> TakeAsync(AdminServer admin)
    {
        var (status, body) = await admin.PostAsync("/admin/backups");
        status.ShouldBe(HttpStatusCode.Created, body.ToString());
        var files = new Dictionary<string, byte[]>();
        foreach (var file in body.GetProperty("files").EnumerateArray())
        {
            var name = file.GetProperty("name").GetString()!;
            files.Add(name, await admin.DownloadAsync($"/admin/backups/{body.GetProperty("id")}/files/{name}"));
        }
        return new Backup(body.GetProperty("counts"), body.GetProperty("files"), files);
    }

    /// <summary>Stages the files in a new restore and returns its id.</summary>
    internal async Task<string> PutAsync(AdminServer admin)
    {
        var (status, body) = await admin.PostAsync("/admin/restores");
        status.ShouldBe(HttpStatusCode.Created);
        var id = body.GetProperty("id").GetString()!;
        foreach (var (name, bytes) in Files)
            (await admin.UploadAsync($"/admin/restores/{id}/files/{name}", bytes)).ShouldBe(HttpStatusCode.NoContent);
        return id;
    }

    /// <summary>Makes the store unreadable, as a failing disk would.</summary>
    internal static void DamageStore(string dataDirectory)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(dataDirectory, "main"), "MANIFEST-*"))
            File.WriteAllText(file, "not a manifest");
    }
}
