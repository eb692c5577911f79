using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Import;
using Faktory.Server.Jobs;
using Faktory.Server.Maintenance;
using Faktory.Server.Metrics;
using Faktory.Server.Queues;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Faktory.Server.Tests.Import;

/// <summary>Files that a real Redis wrote, with the keys of an original Faktory in them.</summary>
public sealed class ImportTests : IDisposable
{
    readonly TestFolder _folder = new();

    public ImportTests() => Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed: NOTHING of the import was tested");

    public void Dispose() => _folder.Dispose();

    [Theory]
    // One listpack each; quicklists of many listpacks and skiplists; compressed; values that are nodes of their own.
    [InlineData(20, 0)]
    [InlineData(2000, 0)]
    [InlineData(2000, 300)]
    [InlineData(20, 20_000)]
    [InlineData(300, 300, "--list-compress-depth", "1", "--rdbcompression", "no")]
    [InlineData(300, 0, "--list-max-listpack-size", "1", "--zset-max-listpack-entries", "0")]
    public async Task Everything_is_brought_over_in_its_order(int jobs, int padding, params string[] settings)
    {
        var file = await WriteAsync(redis => OriginalServer.FillAsync(redis, jobs, padding), settings);

        var result = Run(file);

        result.Counts.ShouldBe(new JobCounts(2 * jobs + 2, jobs, jobs, jobs, 0));
        (result.Requeued, result.Queues, result.Paused, result.Processed, result.Failures, result.Days).ShouldBe((2, 3, 1, 1234567, 89, 2));
        result.Ignored.ShouldBeEmpty();
        var check = StoreCheck.Run(_folder["store"], _ => { });
        check.Findings.Kept.ShouldBeEmpty();
        check.Counts.ShouldBe(result.Counts);

        using var store = JobStore.Open(_folder["store"]);
        var engine = new JobEngine(store, new FakeTimeProvider(TestServer.StartedAt), new Random(1));
        engine.Queues.Known.Select(q => (q.Name, q.IsPaused)).ShouldBe([("bulk", true), ("default", false), ("empty", false)]);
        Jids(engine.Queues.Find("default")!).ShouldBe([OriginalServer.Jid("works", 0), OriginalServer.Jid("works", 1), .. Numbered("default", jobs)]);
        Jids(engine.Queues.Find("bulk")!).ShouldBe(Numbered("bulk", jobs));
        var later = Rfc3339.ToUnixTicks(TestServer.StartedAt.AddDays(1).AddSeconds(jobs));
        engine.Scheduled.NextDueAt.ShouldBe(Rfc3339.ToUnixTicks(TestServer.StartedAt.AddDays(1)));
        var due = engine.Scheduled.TakeDue(later, jobs).Select(JidOf).ToArray();
        due.ShouldNotBeEmpty();
        due.ShouldBe(Numbered("later", due.Length));
        engine.History.Last(3).ShouldBe([new DayOfHistory(20453, 5, 0), new DayOfHistory(20454, 70, 7), new DayOfHistory(20455, 0, 0)]);
    }

    [Fact]
    public async Task Jobs_keep_every_byte()
    {
        var json = """{ "jid":"job-00001" ,"queue":"default","jobtype":"Thing","args":[12345678901234567890, 1.0, "é😀"], "unknown":{"z":1,"a":2}}""";
        var file = await WriteAsync(redis => redis.CallAsync("LPUSH", "q:default", json));

        Run(file);

        using var store = JobStore.Open(_folder["store"]);
        var engine = new JobEngine(store, new FakeTimeProvider(TestServer.StartedAt), new Random(1));
        Encoding.UTF8.GetString(engine.Queues.Find("default")!.TakeFirst(out _).Record.Json.Span).ShouldBe(json);
    }

    [Fact]
    public async Task Queues_of_before_1_10_have_no_prefix_and_are_found_by_their_names()
    {
        var file = await WriteAsync(async redis =>
        {
            await OriginalServer.PushAsync(redis, "job-old-1", "old", prefix: "");
            await OriginalServer.PushAsync(redis, "job-old-2", "old", prefix: "");
            await OriginalServer.PushAsync(redis, "job-new-1", "old");
            await redis.CallAsync("SADD", "queues", "old");
            await redis.CallAsync("LPUSH", "elsewhere", "not a job");
            await redis.CallAsync("HSET", "a hash", "a", "1", "b", new string('x', 500));
            await redis.CallAsync("SADD", "numbers", "1", "2", "3000000000");
            await redis.CallAsync("SET", "gone", "1", "PXAT", "1");
            await redis.CallAsync("SET", "stays", "1", "EX", "1000000");
        });

        var result = Run(file);

        result.Counts.Queued.ShouldBe(3);
        result.Ignored.ShouldBe(["a hash", "elsewhere", "numbers", "stays"]);
        using var store = JobStore.Open(_folder["store"]);
        var engine = new JobEngine(store, new FakeTimeProvider(TestServer.StartedAt), new Random(1));
        Jids(engine.Queues.Find("old")!).ShouldBe(["job-old-1", "job-old-2", "job-new-1"]);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_or_changed_anywhere_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(await WriteAsync(redis => OriginalServer.FillAsync(redis, 30, 200)));
        var seed = new Random(3).Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var at = random.Next(whole.Length);
            var damaged = round % 2 == 0 ? whole[..at] : [.. whole[..at], (byte)(whole[at] ^ (1 << random.Next(8))), .. whole[(at + 1)..]];

            var refusal = Should.Throw<RdbFormatException>(() => FaktoryContents.Read(RdbReader.Read(new MemoryStream(damaged), TestServer.StartedAt)), $"seed {seed}, round {round}, byte {at} of {whole.Length}");
            refusal.Offset.ShouldBeInRange(0, damaged.Length);
        }
    }

    [Theory]
    [InlineData("", "at byte 0: the file ends here")]
    [InlineData("hello, this is a letter", "at byte 0: this is not a file of Redis")]
    [InlineData("REDIS0099…", "at byte 5: its format is version 99; versions 6 to 11 can be read")]
    public void What_is_no_file_of_Redis_is_refused(string text, string refusal)
    {
        File.WriteAllText(_folder["file"], text);

        Should.Throw<RdbFormatException>(() => Run(_folder["file"])).Message.ShouldStartWith(refusal);
    }

    [Fact]
    public async Task Somebody_elses_Redis_is_refused()
    {
        var file = await WriteAsync(redis => redis.CallAsync("SET", "session:1", "somebody"));

        Should.Throw<RdbFormatException>(() => Run(file)).Message.ShouldContain("of its 1 keys none is one of Faktory's");
    }

    [Theory]
    [InlineData("LPUSH", "q:default", "not a job")]
    [InlineData("LPUSH", "q:default", "{\"jobtype\":\"Thing\"}")]
    [InlineData("LPUSH", "q:bad queue!", "{}")]
    [InlineData("ZADD", "working", "1", "{\"wid\":\"w1\"}")]
    [InlineData("XADD", "stream", "1-1", "a", "b")]
    [InlineData("SET", "processed", "many")]
    public async Task What_cannot_be_understood_stops_the_import_with_its_place(params string[] command)
    {
        var file = await WriteAsync(async redis =>
        {
            await redis.CallAsync("SADD", "queues", "default");
            if (command[0] != "XADD")
                await redis.CallAsync(command);
            else
                await redis.CallAsync("XGROUP", "CREATE", "stream", "group", "$", "MKSTREAM");
        });

        Should.Throw<RdbFormatException>(() => Run(file)).Offset.ShouldBeInRange(20, new FileInfo(file).Length);
    }

    async Task<string> WriteAsync(Func<RedisServer, Task> fill, params string[] settings)
    {
        await using var redis = await RedisServer.StartAsync(_folder["redis"], settings);
        await fill(redis);
        return await redis.SaveAsync();
    }

    FaktoryImport.Result Run(string file) => FaktoryImport.Run(file, _folder["store"], TestServer.StartedAt, _ => { });

    static IEnumerable<string> Numbered(string kind, int count) => Enumerable.Range(0, count).Select(i => OriginalServer.Jid(kind, i));

    static List<string> Jids(JobQueue queue)
    {
        var jids = new List<string>();
        while (queue.Count > 0)
            jids.Add(JidOf(queue.TakeFirst(out _).Record));
        return jids;
    }

    static string JidOf(JobRecord record) => Encoding.UTF8.GetString(record.Jid);
}
