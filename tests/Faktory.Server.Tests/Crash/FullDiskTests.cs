using System.Diagnostics;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F5: a disk that fills up, first by jobs and then to the last byte by something else.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    const int DiskMegabytes = 128;
    const int JobsAtOnce = 50;

    static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(10);

    static int Rounds => CrashCount.Of(5);

    [Fact]
    public async Task Jobs_are_refused_in_time_and_a_server_starts_and_gives_them_out_on_a_disk_that_is_full()
    {
        LoopDisk.RequireOrSkip();
        var (pushed, losses) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            using var disk = LoopDisk.Create(DiskMegabytes);
            var promised = await FillByJobsAsync(disk);
            disk.Fill("filler");
            await using var server = await ServerProcess.StartAsync(disk["data"]);
            await using var client = await server.ConnectAsync();
            await WorkAsync(client, promised);
            // Opening the store may have dropped files that were no longer needed, and so have made room for it.
            var answer = (await client.CallAsync($"PUSH {Job.Json("one-more-1", "other")}"))!;
            answer.ShouldMatch(@"^(\+OK|-ERR the server's disk is full: .*)$");

            File.Delete(disk["filler"]);
            await RecoverAsync(client);
            await WorkAsync(client, promised);
            pushed += promised.Count + 40;
            await server.KillAsync();
            losses += CountLosses(disk, promised);
        }
        output.WriteLine($"{Rounds} full disks, {pushed} jobs promised, losses: {losses}");
        losses.ShouldBe(0);
    }

    // Until the server says that it is enough; jobs go on being fetched and acknowledged.
    static async Task<List<string>> FillByJobsAsync(LoopDisk disk)
    {
        var random = new Random(CrashCount.Seed);
        var promised = new List<string>();
        await using var server = await ServerProcess.StartAsync(disk["data"]);
        await using var client = await server.ConnectAsync();
        for (var batch = 0; ; batch++)
        {
            var jids = Enumerable.Range(0, JobsAtOnce).Select(i => $"job-{batch:D5}-{i:D2}").ToArray();
            var jobs = jids.Select(jid => Job.Json(jid, "default", $"\"custom\":{{\"pad\":\"{random.GetHexString(4000)}\"}}"));
            var answer = (await client.CallAsync($"PUSHB [{string.Join(',', jobs)}]"))!;
            promised.AddRange(jids.Where(jid => !answer.Contains(jid, StringComparison.Ordinal)));
            if (answer == "{}")
                continue;
            answer.ShouldContain("the server's disk is full: ");
            break;
        }
        await WorkAsync(client, promised);
        await server.KillAsync();
        return promised;
    }

    static async Task WorkAsync(WireClient client, List<string> promised)
    {
        for (var i = 0; i < 20; i++)
        {
            (await client.FetchJidAsync()).ShouldBe(promised[0]);
            (await client.CallAsync($$"""ACK {"jid":"{{promised[0]}}"}""")).ShouldBe("+OK");
            promised.RemoveAt(0);
        }
    }

    static async Task RecoverAsync(WireClient client)
    {
        var began = Stopwatch.StartNew();
        while (await client.CallAsync($"PUSH {Job.Json("after-full", "other")}") != "+OK")
            began.Elapsed.ShouldBeLessThan(RecoversWithin);
    }

    static int CountLosses(LoopDisk disk, List<string> promised)
    {
        using var store = JobStore.Open(Path.Combine(disk["data"], "main"));
        var stored = History.Stored(store);
        return promised.Count(jid => !stored.Contains(jid));
    }
}
