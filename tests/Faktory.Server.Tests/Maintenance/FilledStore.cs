using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Maintenance;

/// <summary>A store on disk, closed, with jobs of every kind in it.</summary>
static class FilledStore
{
    internal const int Queued = 5000;
    internal const int Scheduled = 300;

    internal static readonly JobCounts Counts = new(Queued, Scheduled, 0, 0, 0);

    /// <param name="path">Its folder.</param>
    /// <param name="isFlushed">Whether the jobs are in tables; else they are all in the log.</param>
    internal static void Make(string path, bool isFlushed)
    {
        using var store = JobStore.Open(path);
        var engine = new JobEngine(store, TimeProvider.System, new Random(1));
        for (var i = 0; i < Queued; i++)
            Place(engine, Job.Json(Jid(i), i % 2 == 0 ? "default" : "other"));
        for (var i = 0; i < Scheduled; i++)
            Place(engine, Job.Json($"later-{i:d5}", more: $"\"at\":\"2999-01-01T00:{i / 60:d2}:{i % 60:d2}Z\""));
        store.WritePending();
        store.Sync();
        if (isFlushed)
            store.Database.Compact();
    }

    internal static string Jid(int i) => $"job-{i:d6}";

    static void Place(JobEngine engine, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Submission.TryCreate(bytes, JobFields.Read(bytes), JobLimits.Default, engine.Now, out var job).ShouldBeNull();
        engine.Place(job!);
        engine.Store.WritePending();
    }

    /// <summary>Every file and its bytes, to see whether anything was touched.</summary>
    internal static Dictionary<string, byte[]> Read(string path) => Directory.EnumerateFiles(path).ToDictionary(file => file, File.ReadAllBytes);

    internal static void ShouldBeUntouched(this Dictionary<string, byte[]> before, string path)
    {
        var after = Read(path);
        after.Keys.Order().ShouldBe(before.Keys.Order());
        foreach (var (file, bytes) in before)
            after[file].AsSpan().SequenceEqual(bytes).ShouldBeTrue(file);
    }
}
