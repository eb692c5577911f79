using System.Diagnostics;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Metrics;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /debug: what somebody asks for who looks into a problem.</summary>
static class DebugPage
{
    static readonly string[] Sizes =
    [
        "rocksdb.total-sst-files-size", "rocksdb.live-sst-files-size", "rocksdb.estimate-live-data-size", "rocksdb.cur-size-all-mem-tables",
        "rocksdb.estimate-pending-compaction-bytes", "rocksdb.block-cache-usage", "rocksdb.estimate-table-readers-mem",
    ];

    static readonly string[] Numbers =
    [
        "rocksdb.estimate-num-keys", "rocksdb.num-immutable-mem-table", "rocksdb.num-running-compactions", "rocksdb.num-running-flushes",
        "rocksdb.background-errors", "rocksdb.is-write-stopped", "rocksdb.num-snapshots",
    ];

    sealed record Storage(ServerStats Stats, ulong[] Sizes, ulong[] Numbers, (long Free, long Total) Disk);

    internal static async Task ShowAsync(UiCall ui)
    {
        var began = Stopwatch.GetTimestamp();
        await ui.Engine.CallAsync(_ => true);
        var roundTrip = Stopwatch.GetElapsedTime(began);
        var storage = await ui.Engine.CallAsync(Take);
        var memory = GC.GetGCMemoryInfo();
        var state = ui.Site.State;
        await ui.ShowAsync(ui.Locale[Phrase.Debug], "/debug", html =>
        {
            html.Add($"""<h1>{Phrase.Debug}</h1><div class="columns"><section><h2>{Phrase.Server}</h2><dl class="facts">""");
            Fact(html, "faktory-server", ServerVersion.Product);
            Fact(html, "Faktory", Info.FaktoryVersion);
            Fact(html, html.Locale[Phrase.DataFolder], ui.Site.DataPath());
            Fact(html, html.Locale[Phrase.Uptime], html.Locale.Span(state.Traffic.Uptime));
            Fact(html, html.Locale[Phrase.Connections], $"{html.Locale.Number(state.Traffic.Connections)} / {html.Locale.Number(state.Limits.ConnectionsMax)}");
            Fact(html, html.Locale[Phrase.CommandCount], html.Locale.Number(state.Traffic.Commands));
            Fact(html, html.Locale[Phrase.EngineRoundTrip], $"{html.Locale.Number((long)roundTrip.TotalMicroseconds)} µs");
            html.Add($"""</dl></section><section><h2>{Phrase.Memory}</h2><dl class="facts">""");
            Fact(html, html.Locale[Phrase.ResidentMemory], Units.Format(new ByteSize(Environment.WorkingSet)));
            Fact(html, html.Locale[Phrase.ManagedMemory], Units.Format(new ByteSize(GC.GetTotalMemory(false))));
            Fact(html, html.Locale[Phrase.MemoryLimit], Units.Format(new ByteSize(memory.TotalAvailableMemoryBytes)));
            Fact(html, html.Locale[Phrase.Collections], $"{GC.CollectionCount(0)} / {GC.CollectionCount(1)} / {GC.CollectionCount(2)}");
            Fact(html, html.Locale[Phrase.CollectionPauses], $"{html.Locale.Number((long)GC.GetTotalPauseDuration().TotalMilliseconds)} ms");
            html.Add($"""</dl></section><section><h2>{Phrase.Disk}</h2><dl class="facts">""");
            Fact(html, html.Locale[Phrase.DiskFree], $"{Units.Format(new ByteSize(storage.Disk.Free))} / {Units.Format(new ByteSize(storage.Disk.Total))}");
            Fact(html, html.Locale[Phrase.StorageUsed], Units.Format(new ByteSize(storage.Stats.StorageBytes)));
            if (storage.Stats.StorageBytesMax is { } max)
                Fact(html, html.Locale[Phrase.StorageLimit], Units.Format(new ByteSize(max)));
            html.Add($"""</dl></section><section><h2>RocksDB</h2><dl class="facts">""");
            foreach (var (name, value) in Sizes.Zip(storage.Sizes))
                Fact(html, name["rocksdb.".Length..], Units.Format(new ByteSize((long)value)));
            foreach (var (name, value) in Numbers.Zip(storage.Numbers))
                Fact(html, name["rocksdb.".Length..], html.Locale.Number((long)value));
            html.Add($"""</dl></section></div>""");
        });
    }

    static Storage Take(JobEngine engine)
    {
        var database = engine.Store.Database;
        return new Storage(ServerStats.Take(engine), [.. Sizes.Select(database.Property)], [.. Numbers.Select(database.Property)], engine.Store.Disk());
    }

    static void Fact(Html html, string name, string value) => html.Add($"""<dt>{name}</dt><dd>{value}</dd>""");
}
