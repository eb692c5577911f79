using System.Text;
using Faktory.Server.Config;
using Faktory.Server.Engine;
using Faktory.Server.Maintenance;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Maintenance;

/// <summary>What <c>verify</c> and <c>repair</c> make of the rows of features: locks, expiries, batches, progress, cron.</summary>
public sealed class FeatureStoreTests : IAsyncLifetime
{
    const string Unique = "\"unique_for\":86400";

    readonly TestFolder _folder = new();
    TestServer _server = null!;
    WireClient _client = null!;
    string _parent = "";
    string _child = "";

    public async ValueTask InitializeAsync()
    {
        var cron = CronSettings.Read([new CronSettings { Name = "report", Schedule = "30 2 * * *", Job = new CronJobSettings { Type = "Report" } }]);
        _server = await TestServer.StartAsync(o => o with { Rules = EngineRules.Default with { Cron = cron } });
        _client = await _server.ConnectAsync();
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_sound_store_has_no_findings_before_and_after_its_repair_loses_nothing()
    {
        await _server.RestartAsync(() =>
        {
            Findings().ShouldBeEmpty();
            Repair().ShouldBeEmpty();
            Findings().ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_repaired_server_goes_on_with_its_locks_expiries_progress_and_cron()
    {
        await _server.RestartAsync(() => Repair());
        _client = await _server.ConnectAsync();

        foreach (var i in (int[])[1, 2, 3, 4])
            (await _client.CallAsync(PushLine($"again-{i:d4}", "unique", Unique, $"[{i}]"))).ShouldBe("-NOTUNIQUE Job not unique", $"{i}");
        (await _client.CallAsync("TRACK GET unique-3")).ShouldNotBeNull().ShouldContain("\"percent\":40,\"desc\":\"half\",\"state\":\"enqueued\"");
        (await _client.CallAsync("TRACK GET tracked-1")).ShouldNotBeNull().ShouldContain("\"state\":\"success\"");
        (await _client.FetchJidAsync("unique")).ShouldBe("unique-1");
        (await _client.FetchJidAsync("unique")).ShouldBe("unique-3", "it was at work, and waits again");
        await _client.CallAsync("""ACK {"jid":"unique-3"}""");
        (await _client.CallAsync(PushLine("again-0003", "unique", Unique, "[3]"))).ShouldBe("+OK");
        (await _server.Engine.CallAsync(e => e.Cron.Find("report")!.IsPaused)).ShouldBeTrue();
        await _server.AdvanceAsync(TimeSpan.FromHours(2));
        (await _client.QueueSizeAsync("expiring")).ShouldBe(0);
    }

    [Fact]
    public async Task A_repaired_server_goes_on_with_its_batches()
    {
        await _server.RestartAsync(() => Repair());
        _client = await _server.ConnectAsync();

        await _client.CallAsync($"BATCH COMMIT {_child}");
        await _server.AdvanceAsync(TimeSpan.FromHours(1));
        await AckAllAsync("batch");

        await AckAllAsync("callbacks", "complete-child", "success-child", "complete-parent", "success-parent");
    }

    [Theory]
    [InlineData("lock", "locks of unique jobs: there are 5, and 4 jobs that hold one")]
    [InlineData("unreadable lock", "lock of a unique job 00000000000000000000000000000000: not a lock of a unique job: 1 bytes")]
    [InlineData("no expiry", "it expires, and is not noted among those that do")]
    [InlineData("expiry", "it is not in its queue")]
    [InlineData("no definition", "what it was asked for is missing")]
    [InlineData("no state", "how far it is, is missing")]
    [InlineData("member", "it waits for 2 jobs that were never executed, and there are 1")]
    [InlineData("batch", "not a batch of version 1: 2 bytes")]
    [InlineData("track", "progress of a job tracked-1: not a tracked job of version 1")]
    [InlineData("cron", "cron entry report: not a cron entry's state of version 1: 1 bytes")]
    public async Task What_does_not_belong_together_is_found_and_gone_after_a_repair(string damage, string finding)
    {
        await _server.RestartAsync(() =>
        {
            Change((store, batch) => Damage(damage, store, batch));

            Findings().ShouldContain(text => text.Contains(finding, StringComparison.Ordinal));

            Repair();
            Findings().ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_batch_does_not_wait_for_jobs_that_were_lost()
    {
        await _server.RestartAsync(() =>
        {
            Change((store, batch) =>
            {
                foreach (var key in JobsOf(store, "parent-"))
                    batch.Put(key, [9]);
            });
            Repair().ShouldContain($"batch {_parent}: 2 of its jobs: they count as executed and not done");
        });
        _client = await _server.ConnectAsync();

        await _client.CallAsync($"BATCH COMMIT {_child}");
        await _server.AdvanceAsync(TimeSpan.FromHours(1));
        await AckAllAsync("batch");
        await AckAllAsync("callbacks", "complete-child", "success-child", "complete-parent");
        (await _client.CallAsync($"BATCH STATUS {_parent}")).ShouldNotBeNull().ShouldContain("\"pending\":0,\"failed\":2");
    }

    [Fact]
    public async Task A_batch_does_not_wait_for_nested_ones_that_were_lost()
    {
        await _server.RestartAsync(() =>
        {
            Change((_, batch) => batch.Delete([Keys.Batch, .. Encoding.UTF8.GetBytes(_child)]));
            Repair().ShouldContain($"batch {_parent}: some of the batches nested in it: it does not wait for them");
        });
        _client = await _server.ConnectAsync();

        await _server.AdvanceAsync(TimeSpan.FromHours(1));
        await AckAllAsync("batch");

        await AckAllAsync("callbacks", "complete-parent", "success-parent");
    }

    async Task FillAsync()
    {
        const string Later = "\"at\":\"2026-01-02T04:00:00Z\"";
        await PushAsync("unique-1", "unique", Unique, "[1]");
        await PushAsync("unique-2", "unique", Unique, "[2]", Later);
        await PushAsync("unique-3", "unique-now", Unique + ",\"track\":1", "[3]");
        await PushAsync("unique-4", "unique-now", Unique, "[4]");
        await PushAsync("expires-1", "expiring", "\"expires_in\":3600");
        await PushAsync("tracked-1", "tracked", "\"track\":1");
        await _client.CallAsync("FETCH tracked");
        await _client.CallAsync("""ACK {"jid":"tracked-1"}""");
        _parent = await NewBatchAsync("parent", "");
        _child = await NewBatchAsync("child", $"\"parent_bid\":\"{_parent}\",");
        foreach (var i in (int[])[1, 2, 3])
            await PushAsync($"parent-{i}", "batch", $"\"bid\":\"{_parent}\"");
        await PushAsync("child-01", "batch", $"\"bid\":\"{_child}\"", more: Later);
        await _client.CallAsync($"BATCH COMMIT {_parent}");
        await _client.FetchJidAsync("batch");
        await _client.CallAsync("""ACK {"jid":"parent-1"}""");
        await _client.FetchJidAsync("batch");
        await _server.Engine.ChangeAsync(e =>
        {
            e.Cron.Pause(e.Cron.Find("report")!, true);
            return true;
        });
    }

    async Task<string> NewBatchAsync(string name, string more)
    {
        string Callback(string kind) => $$"""{"jid":"{{kind}}-{{name}}","jobtype":"Done","args":[],"queue":"callbacks"}""";
        return (await _client.CallAsync($$"""BATCH NEW { {{more}}"complete":{{Callback("complete")}},"success":{{Callback("success")}}}"""))!;
    }

    async Task PushAsync(string jid, string queue, string custom, string args = "[]", string more = "")
    {
        // The third and fourth are made in their queue, and are at work and to be retried.
        var isNow = queue == "unique-now";
        (await _client.CallAsync(PushLine(jid, isNow ? "unique" : queue, custom, args, more))).ShouldBe("+OK");
        if (!isNow)
            return;
        await TakeAsync(jid);
        if (jid == "unique-4")
            (await _client.CallAsync($$"""FAIL {"jid":"{{jid}}"}""")).ShouldBe("+OK");
        else
            (await _client.CallAsync($$"""TRACK SET {"jid":"{{jid}}","percent":40,"desc":"half"}""")).ShouldBe("+OK");
    }

    // The first one waits before it: it is taken and given back.
    async Task TakeAsync(string jid)
    {
        (await _client.FetchJidAsync("unique")).ShouldBe("unique-1");
        (await _client.FetchJidAsync("unique")).ShouldBe(jid);
        (await _client.CallAsync("""REQUEUE {"jid":"unique-1"}""")).ShouldBe("+OK");
    }

    async Task AckAllAsync(string queue, params string[] expected)
    {
        var done = new List<string>();
        while (await _client.QueueSizeAsync(queue) > 0 && await _client.FetchJidAsync(queue) is { } jid)
        {
            done.Add(jid);
            (await _client.CallAsync($$"""ACK {"jid":"{{jid}}"}""")).ShouldBe("+OK");
        }
        if (expected.Length > 0)
            done.ShouldBe(expected);
    }

    void Damage(string damage, JobStore store, WriteBatch batch)
    {
        var expiry = Rows(store, Keys.Expiry).Single();
        switch (damage)
        {
            case "lock": batch.Put([Keys.Unique, .. new byte[16]], Rows(store, Keys.Unique).First(r => r.Value[11] == 0).Value.AsSpan(0, 12)); break;
            case "unreadable lock": batch.Put([Keys.Unique, .. new byte[16]], [1]); break;
            case "no expiry": batch.Delete(expiry.Key); break;
            case "expiry": batch.Delete(expiry.Value); break;
            case "no definition": batch.Delete([Keys.BatchDefinition, .. Encoding.UTF8.GetBytes(_child)]); break;
            case "no state": batch.Delete([Keys.Batch, .. Encoding.UTF8.GetBytes(_child)]); break;
            case "member": batch.Put(JobsOf(store, "parent-").First(), [9]); break;
            case "batch": batch.Put([Keys.Batch, .. Encoding.UTF8.GetBytes(_child)], [9, 9]); break;
            case "track": batch.Put([Keys.Track, .. "tracked-1"u8], [9]); break;
            case "cron": batch.Put([Keys.Cron, .. "report"u8], [9]); break;
        }
    }

    string[] Findings() => [.. StoreCheck.Run(StorePath(), _ => { }).Findings.Kept.Select(f => $"{f.Where}: {f.What}")];

    // Puts the repaired store in the place of the other one.
    string[] Repair()
    {
        var store = StorePath();
        var repair = StoreRepair.Run(store, _folder["copy"], _folder["repaired"], _ => { });
        Directory.Delete(store, recursive: true);
        Directory.Move(_folder["repaired"], store);
        return [.. repair.Lost.Kept.Select(f => $"{f.Where}: {f.What}")];
    }

    void Change(Action<JobStore, WriteBatch> change)
    {
        using var store = JobStore.Open(StorePath());
        using var batch = new WriteBatch();
        change(store, batch);
        store.Database.Write(batch);
    }

    string StorePath() => Path.GetDirectoryName(Directory.GetFiles(_server.DataDirectory, "CURRENT", SearchOption.AllDirectories).Single())!;

    static IEnumerable<byte[]> JobsOf(JobStore store, string prefix) =>
        Rows(store, Keys.Job).Where(r => Encoding.UTF8.GetString(r.Value).Contains($"\"jid\":\"{prefix}", StringComparison.Ordinal)).Select(r => r.Key);

    static List<(byte[] Key, byte[] Value)> Rows(JobStore store, byte kind)
    {
        var found = new List<(byte[], byte[])>();
        using var rows = store.Database.Scan([kind], [(byte)(kind + 1)]);
        for (; rows.IsValid; rows.Next())
            found.Add((rows.Key.ToArray(), rows.CopyValue()));
        return found;
    }

    static string PushLine(string jid, string queue, string custom, string args, string more = "") =>
        $$"""PUSH {"jid":"{{jid}}","jobtype":"Thing","queue":"{{queue}}","args":{{args}},"custom":{{{custom}}}{{(more.Length > 0 ? "," + more : "")}}}""";
}
