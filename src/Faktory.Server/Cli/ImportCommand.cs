using System.CommandLine;
using System.Globalization;
using Faktory.Server.Import;
using Faktory.Server.Storage;

namespace Faktory.Server.Cli;

/// <summary><c>import</c>: brings everything over from an original Faktory's <c>faktory.rdb</c>.</summary>
static class ImportCommand
{
    static readonly Argument<string> Source = new("faktory.rdb") { Description = "the file in the data folder of the original, which must be stopped" };

    internal static Command Create(TimeProvider clock) =>
        new Command("import", "make the data folder of this server from an original Faktory's faktory.rdb; nothing or all of it")
        {
            Source, Replacing.Force, Flags.Data, Flags.Environment, Flags.Json,
        }.Does((flags, _) => RunAsync(flags, clock));

    static async Task<int> RunAsync(ParseResult flags, TimeProvider clock)
    {
        var file = flags.GetValue(Source)!;
        if (!File.Exists(file))
            throw new FileNotFoundException($"there is no file {file}; the original keeps it in its data folder, by default /var/lib/faktory/db");
        var data = Path.GetFullPath(Flags.DataOf(flags));
        using var folder = DataFolder.Open(data);
        var previous = Replacing.Previous(folder, flags);
        var began = clock.GetTimestamp();
        var imported = Import(file, folder, clock.GetUtcNow());
        var took = clock.GetElapsedTime(began).TotalSeconds;
        var result = new ImportResult(
            data, imported.Counts, imported.Requeued, imported.Queues, imported.Paused, imported.Processed, imported.Failures, imported.Days,
            imported.Ignored, previous, took);
        await Verb.PrintAsync(flags, result, CliJson.Default.ImportResult, Describe(result));
        return ExitCode.Ok;
    }

    // The new store is put into use by one rename, when it is whole and durable.
    static FaktoryImport.Result Import(string file, DataFolder folder, DateTimeOffset now)
    {
        var store = $"imp_{Guid.CreateVersion7(now):n}";
        using var progress = new Progress("importing", "bytes", 2 * new FileInfo(file).Length);
        try
        {
            var result = FaktoryImport.Run(file, folder.PathOf(store), now, progress.Report);
            folder.Current = store;
            return result;
        }
        catch (RdbFormatException e)
        {
            throw new InvalidDataException($"{file} cannot be imported, {e.Message}. Nothing was changed", e);
        }
        finally
        {
            if (folder.Current != store && Directory.Exists(folder.PathOf(store)))
                Directory.Delete(folder.PathOf(store), recursive: true);
        }
    }

    static string Describe(ImportResult result)
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{result.Data}: {result.Counts.Describe()}, in {result.Queues} queues ({result.Paused} paused); {result.Processed:n0} processed, {result.Failures:n0} failures, {result.Days} days of history"),
        };
        if (result.Requeued > 0)
            lines.Add($"{result.Requeued} jobs that were at work are first in their queues again");
        if (result.Ignored.Count > 0)
            lines.Add($"left out, because Faktory has no such keys: {string.Join(", ", result.Ignored.Take(20))}{(result.Ignored.Count > 20 ? ", …" : "")}");
        if (result.Previous is not null)
            lines.Add(Replacing.Describe(result.Previous));
        return string.Join('\n', lines);
    }
}
