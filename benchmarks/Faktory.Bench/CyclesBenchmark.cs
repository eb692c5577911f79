using System.Globalization;
using Faktory.Bench.Stores;

namespace Faktory.Bench;

/// <summary>
/// A standing queue through which many jobs pass: does a store slow down with all that it has deleted? RocksDB as the server uses it, and a B-tree beside it.
/// </summary>
static class CyclesBenchmark
{
    internal const int JobBytes = 200;
    const int standing = 10_000;
    const int batch = 100;

    internal static IEnumerable<Figure> Measure(int cycles, DirectoryInfo parent, TimeProvider clock, CancellationToken cancel)
    {
        foreach (var open in (Func<string, CycledStore>[])[folder => new RocksStore(folder), folder => new SqliteStore(folder)])
        {
            var folder = Directory.CreateDirectory(Path.Combine(parent.FullName, $"faktory-bench-{Environment.ProcessId}-cycles"));
            try
            {
                using var store = open(folder.FullName);
                foreach (var figure in Measure(store, cycles, clock, cancel))
                    yield return figure;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    static List<Figure> Measure(CycledStore store, int cycles, TimeProvider clock, CancellationToken cancel)
    {
        for (var job = 0; job < standing; job++)
            store.Push();
        store.Commit();

        var tenths = new List<double>();
        for (var tenth = 0; tenth < 10; tenth++)
        {
            cancel.ThrowIfCancellationRequested();
            var began = clock.GetTimestamp();
            for (var cycle = 0; cycle < cycles / 10; cycle++)
            {
                store.Push();
                store.Pop();
                if (cycle % batch == batch - 1)
                    store.Commit();
            }

            store.Commit();
            tenths.Add(cycles / 10 / clock.GetElapsedTime(began).TotalSeconds);
        }

        var all = string.Create(CultureInfo.InvariantCulture, $"of {cycles:N0} push/pop cycles");
        return
        [
            new(store.Name, $"first tenth {all}", tenths[0], "cycles/s"),
            new(store.Name, $"last tenth {all}", tenths[^1], "cycles/s"),
            new(store.Name, "last to first", tenths[^1] / tenths[0], "ratio"),
        ];
    }
}
