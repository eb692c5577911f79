using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F3 and F4: what a start makes of a write-ahead log that is not as it was written.</summary>
public sealed class DamagedLogTests : IDisposable
{
    const int Jobs = 2000;

    // The last record or two: damage there cannot be told from a torn write.
    const int TailBytes = 1000;

    readonly TestFolder _folder = new();

    public DamagedLogTests()
    {
        // A copy of a store that is open is what a power cut leaves: everything synced, nothing closed.
        using var store = JobStore.Open(_folder["open"]);
        var engine = new JobEngine(store, TimeProvider.System, new Random(1));
        for (var i = 0; i < Jobs; i++)
        {
            var json = Encoding.UTF8.GetBytes(Job.Json(Jid(i)));
            Submission.TryCreate(json, JobFields.Read(json), JobLimits.Default, engine.Now, out var job).ShouldBeNull();
            engine.Place(job!);
            store.WritePending();
        }
        store.Sync();
        CopyTo("whole");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_untouched_log_gives_everything_back() => Open("whole").ShouldBe(Jobs);

    [Fact]
    public void A_torn_tail_costs_only_the_last_records_and_the_counts_agree_with_the_rest()
    {
        var random = new Random(CrashCount.Seed);
        for (var round = 0; round < CrashCount.Of(50); round++)
        {
            var cut = random.Next(1, 4097);
            CopyTo("torn");
            using (var log = File.OpenWrite(LogOf("torn")))
                log.SetLength(log.Length - cut);
            var left = Open("torn");
            left.ShouldBeInRange(Jobs - cut / 100 - 1, Jobs - 1, $"seed {CrashCount.Seed}, cut {cut} bytes");
        }
    }

    [Fact]
    public void Flipped_bits_in_the_middle_are_refused_and_nothing_is_repaired()
    {
        var seed = CrashCount.Seed;
        var random = new Random(seed);
        for (var round = 0; round < CrashCount.Of(30); round++)
        {
            CopyTo("rotten");
            var log = File.ReadAllBytes(LogOf("rotten"));
            var at = random.Next(1, log.Length - TailBytes);
            log[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(LogOf("rotten"), log);

            Should.Throw<CorruptStorageException>(() => Open("rotten"), $"seed {seed}, byte {at} of {log.Length}");
            File.ReadAllBytes(LogOf("rotten")).ShouldBe(log);
        }
    }

    // Opens, loads and counts; what the engine believes has to be what is there.
    int Open(string name)
    {
        using var store = JobStore.Open(_folder[name]);
        var engine = new JobEngine(store, TimeProvider.System, new Random(1));
        var counted = StoredJobs.Count(store.Database);
        engine.Queues.JobCount.ShouldBe(counted.Queued);
        for (var i = 0; i < counted.Queued; i++)
            Encoding.UTF8.GetString(engine.Queues.Find("default")!.TakeFirst(out _).Record.Jid).ShouldBe(Jid(i));
        return (int)counted.Queued;
    }

    void CopyTo(string name)
    {
        if (Directory.Exists(_folder[name]))
            Directory.Delete(_folder[name], recursive: true);
        Directory.CreateDirectory(_folder[name]);
        foreach (var file in Directory.EnumerateFiles(_folder[name == "whole" ? "open" : "whole"]))
            File.Copy(file, Path.Combine(_folder[name], Path.GetFileName(file)));
    }

    string LogOf(string name) => Directory.EnumerateFiles(_folder[name], "*.log").MaxBy(file => new FileInfo(file).Length)!;

    static string Jid(int i) => $"job-{i:d6}";
}
