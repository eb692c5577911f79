using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faktory.Bench.Report;

/// <summary>All of it, as aligned tables or as JSON.</summary>
sealed partial record BenchReport(string Machine, IReadOnlyList<Measured> Load, IReadOnlyList<Figure> Appetite)
{
    internal string ToJson() => JsonSerializer.Serialize(this, BenchJson.Default.BenchReport);

    internal string ToText()
    {
        var text = new StringBuilder().AppendLine(Machine);
        if (Load.Count > 0)
            AppendLoad(text.AppendLine());
        if (Appetite.Count > 0)
            AppendFigures(text.AppendLine());
        return text.ToString().TrimEnd();
    }

    void AppendLoad(StringBuilder text) =>
        AppendTable(
            text,
            ["work", "conn", "server", "jobs/s", "p50 ms", "p99 ms", "CPU us/job", "ours : it"],
            Load.Select(run => new[]
            {
                run.Work, Text(run.Connections), run.Server, Text(run.PerSecond, 0), Text(run.P50Milliseconds, 3), Text(run.P99Milliseconds, 3),
                run.CpuMicroseconds is { } cpu ? Text(cpu, 1) : "",
                Load.FirstOrDefault(our => our.Server == RivalOf(run.Server) && our.Work == run.Work && our.Connections == run.Connections) is { } ours ? Text(ours.PerSecond / run.PerSecond, 2) : "",
            }));

    void AppendFigures(StringBuilder text)
    {
        var servers = Appetite.Select(figure => figure.Server).Distinct().ToList();
        AppendTable(
            text,
            ["figure", "unit", .. servers],
            Appetite.GroupBy(figure => (figure.What, figure.Unit)).Select(group => (string[])
            [
                group.Key.What, group.Key.Unit, .. servers.Select(server => group.FirstOrDefault(figure => figure.Server == server) is { } figure ? Text(figure.Value, figure.Unit == "ratio" ? 2 : 1) : ""),
            ]));
    }

    // Ours that promises the same.
    static string? RivalOf(string server) => server switch
    {
        "redis always" => "faktory sync",
        "redis everysec" => "faktory interval",
        _ => null,
    };

    // Words to the left, numbers to the right.
    static void AppendTable(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = Enumerable.Range(0, head.Length).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            for (var column = 0; column < row.Length; column++)
            {
                var isWord = column == 0 || head[column] is "server" or "unit";
                text.Append(isWord ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column])).Append("  ");
            }

            text.Length -= 2;
            text.AppendLine();
        }
    }

    static string Text(double value, int digits) => value.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(BenchReport))]
    sealed partial class BenchJson : JsonSerializerContext;
}
