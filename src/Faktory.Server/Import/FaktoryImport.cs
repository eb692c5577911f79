using Faktory.Server.Jobs;
using Faktory.Server.Maintenance;
using Faktory.Server.Queues;
using Faktory.Server.Storage;

namespace Faktory.Server.Import;

/// <summary>
/// Makes a store of an original Faktory's <c>faktory.rdb</c>. Reads it twice: first for names and counts, then for the jobs, which are
/// written as they come. Jobs that were at work are first in their queues again.
/// </summary>
static class FaktoryImport
{
    /// <summary>What was brought over. Jobs that were at work are among the queued; <paramref name="Requeued"/> says how many.</summary>
    internal sealed record Result(JobCounts Counts, long Requeued, int Queues, int Paused, long Processed, long Failures, int Days, IReadOnlyList<string> Ignored);

    /// <param name="file">The file, which is only read.</param>
    /// <param name="store">A folder that does not exist yet. Not to be used when this fails.</param>
    /// <param name="now">Keys that have expired by then are left out.</param>
    /// <param name="progress">Told how many bytes have been read, of twice the file.</param>
    /// <exception cref="RdbFormatException">The file is damaged, or not a Faktory server's.</exception>
    internal static Result Run(string file, string store, DateTimeOffset now, Action<long> progress)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var contents = FaktoryContents.Read(Watched(RdbReader.Read(stream, now), progress, 0));
        stream.Position = 0;
        using var builder = new StoreBuilder(store);
        var counts = Copy(Watched(RdbReader.Read(stream, now), progress, stream.Length), contents, builder);
        foreach (var (day, (processed, failures)) in contents.Days)
            builder.AddDay(day, processed, failures);
        builder.Finish(contents.Processed, contents.Failures);
        return new Result(
            counts, contents.Working.Values.Sum(), contents.Queues.Count, contents.Paused.Count, contents.Processed, contents.Failures,
            contents.Days.Count, contents.Foreign.ToArray());
    }

    static JobCounts Copy(IEnumerable<RdbValue> values, FaktoryContents contents, StoreBuilder builder)
    {
        var places = TakePlaces(contents, builder);
        long queued = 0, scheduled = 0, retries = 0, dead = 0;
        foreach (var value in values)
        {
            switch (FaktoryKeys.Find(value, contents.Queues, out var name))
            {
                case FaktoryKey.Queue:
                    var waiting = FaktoryJob.Read(value, value.Value);
                    // The original pushes to the head of the list and takes from its end.
                    builder.AddQueued(name, waiting.Lane, (ulong)(places[value.Key] + contents.Queued(value.Key) - 1 - value.Index), waiting.Record);
                    queued++;
                    break;
                case FaktoryKey.Working:
                    var working = FaktoryJob.ReadWorking(value);
                    builder.AddQueued(working.Queue, working.Lane, (ulong)places[WorkingOf(working.Queue)], working.Record);
                    places[WorkingOf(working.Queue)] += contents.IsWorkingDescending ? -1 : 1;
                    queued++;
                    break;
                case FaktoryKey.Scheduled:
                    AddTimed(builder, Keys.Scheduled, value, ref scheduled);
                    break;
                case FaktoryKey.Retries:
                    AddTimed(builder, Keys.Retries, value, ref retries);
                    break;
                case FaktoryKey.Dead:
                    AddTimed(builder, Keys.Dead, value, ref dead);
                    break;
            }
        }
        return new JobCounts(queued, scheduled, retries, dead, 0);
    }

    // In each queue: those at work, then the list as it was called before version 1.10, then as it is called now.
    static Dictionary<string, long> TakePlaces(FaktoryContents contents, StoreBuilder builder)
    {
        var places = new Dictionary<string, long>();
        foreach (var queue in contents.Queues.Union(contents.Paused).Order(StringComparer.Ordinal))
        {
            builder.AddQueue(queue, contents.Paused.Contains(queue) ? new QueuePause() : null);
            var prefixed = FaktoryKeys.QueuePrefix + queue;
            var working = contents.Working.GetValueOrDefault(queue);
            places[WorkingOf(queue)] = (long)builder.TakePlaces(working) + (contents.IsWorkingDescending ? working - 1 : 0);
            places[queue] = (long)builder.TakePlaces(contents.Queued(queue));
            places[prefixed] = (long)builder.TakePlaces(contents.Queued(prefixed));
        }
        return places;
    }

    static string WorkingOf(string queue) => "working " + queue;

    static void AddTimed(StoreBuilder builder, byte set, in RdbValue value, ref long count)
    {
        if (double.IsNaN(value.Score))
            throw new RdbFormatException(value.Offset, $"a value of \"{value.Key}\" has no time");
        builder.AddTimed(set, (long)Math.Clamp(value.Score * Rfc3339.TicksPerSecond, 0, 9e18), FaktoryJob.Read(value, value.Value).Record);
        count++;
    }

    static IEnumerable<RdbValue> Watched(IEnumerable<RdbValue> values, Action<long> progress, long before)
    {
        var count = 0;
        foreach (var value in values)
        {
            if (++count % 1000 == 0)
                progress(before + value.Offset);
            yield return value;
        }
    }
}
