using Faktory.Server.Storage;

namespace Faktory.Server.Tests.Storage;

/// <summary>A whole store of format 1, every record as it stood when the format was settled: "key value" in hexadecimal, one a line.</summary>
static class GoldenStore
{
    internal static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Storage", "golden-store.txt"));

    internal static void WriteTo(string path)
    {
        using var store = JobStore.Open(path);
        foreach (var line in Lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            store.Batch.Put(Convert.FromHexString(line[..space]), Convert.FromHexString(line[(space + 1)..]));
        }
        store.Database.Write(store.Batch);
        store.Batch.Clear();
    }

    internal static List<string> Dump(RocksDatabase database)
    {
        var lines = new List<string>();
        using var all = database.Scan([0], [255]);
        for (; all.IsValid; all.Next())
            lines.Add($"{Convert.ToHexStringLower(all.Key)} {Convert.ToHexStringLower(all.CopyValue())}");
        return lines;
    }
}
