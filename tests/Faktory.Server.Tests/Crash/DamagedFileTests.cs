using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F4: a bit flips in a file that RocksDB wrote long ago. The damage is said when the file is opened or read; never is a part taken for the whole.</summary>
public sealed class DamagedFileTests(ITestOutputHelper output) : IDisposable
{
    const int Jobs = 2000;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("*.sst")]
    [InlineData("MANIFEST-*")]
    public void Flipped_bit_is_told_or_does_no_harm(string files)
    {
        Fill();
        var random = new Random(CrashCount.Seed);
        var (told, harmless) = (0, 0);
        for (var round = 0; round < CrashCount.Of(30); round++)
        {
            CopyFilled("damaged");
            var victims = Directory.GetFiles(_folder["damaged"], files);
            var victim = victims[random.Next(victims.Length)];
            var bytes = File.ReadAllBytes(victim);
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(victim, bytes);
            try
            {
                TakeAll("damaged").ShouldBe(Jobs, $"seed {CrashCount.Seed}: byte {at} of {victim}");
                harmless++;
            }
            catch (StorageException)
            {
                told++;
            }
        }
        output.WriteLine($"seed {CrashCount.Seed}, {files}: {told} told, {harmless} harmless, taken for the whole: 0");
        told.ShouldBeGreaterThan(0);
    }

    void Fill()
    {
        using var store = JobStore.Open(_folder["whole"]);
        var engine = new JobEngine(store, TimeProvider.System, new Random(1));
        var random = new Random(1);
        for (var i = 0; i < Jobs; i++)
        {
            var json = Encoding.UTF8.GetBytes(Job.Json($"job-{i:d6}", "default", $"\"custom\":{{\"pad\":\"{random.GetHexString(300)}\"}}"));
            Submission.TryCreate(json, JobFields.Read(json), JobLimits.Default, engine.Now, out var job).ShouldBeNull();
            engine.Place(job!);
        }
        store.WritePending();
        // Flushed and without a log: everything is in a table file.
        store.Database.Checkpoint(_folder["flushed"]);
    }

    // Everything is opened, loaded, and each job read as it is when it is fetched.
    int TakeAll(string name)
    {
        using var store = JobStore.Open(_folder[name]);
        var engine = new JobEngine(store, TimeProvider.System, new Random(1));
        var queue = engine.Queues.Find("default").ShouldNotBeNull();
        queue.Count.ShouldBe(Jobs);
        for (var i = 0; i < Jobs; i++)
            Encoding.UTF8.GetString(queue.TakeFirst(out _).Record.Jid).ShouldBe($"job-{i:d6}");
        return Jobs;
    }

    void CopyFilled(string name)
    {
        if (Directory.Exists(_folder[name]))
            Directory.Delete(_folder[name], recursive: true);
        Directory.CreateDirectory(_folder[name]);
        foreach (var file in Directory.EnumerateFiles(_folder["flushed"]))
            File.Copy(file, Path.Combine(_folder[name], Path.GetFileName(file)));
    }
}
