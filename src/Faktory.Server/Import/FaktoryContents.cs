using System.Globalization;
using System.Text;

namespace Faktory.Server.Import;

/// <summary>What a first reading of the file finds: its names and counts, by which the second one knows where each job belongs.</summary>
sealed class FaktoryContents
{
    readonly Dictionary<string, long> _lists = [];
    readonly HashSet<string> _foreign = [];
    long _known;
    double _lastWorkingUntil = double.NegativeInfinity;

    internal HashSet<string> Queues { get; } = [];

    internal HashSet<string> Paused { get; } = [];

    /// <summary>Jobs at work, by the queue they came from.</summary>
    internal Dictionary<string, long> Working { get; } = [];

    /// <summary>Redis writes a small sorted set from its lowest score on, a large one from its highest.</summary>
    internal bool IsWorkingDescending { get; private set; }

    /// <summary>Processed and failed by day since 1970.</summary>
    internal Dictionary<int, (long Processed, long Failures)> Days { get; } = [];

    internal long Processed { get; private set; }

    internal long Failures { get; private set; }

    /// <summary>Keys that the original does not have; they are left out.</summary>
    internal IEnumerable<string> Foreign => _foreign.Concat(_lists.Keys.Where(key => !key.StartsWith(FaktoryKeys.QueuePrefix, StringComparison.Ordinal) && !Queues.Contains(key))).Order(StringComparer.Ordinal);

    /// <summary>How many jobs a list holds, by its whole key.</summary>
    internal long Queued(string key) => _lists.GetValueOrDefault(key);

    /// <exception cref="RdbFormatException">It is damaged, or not a Faktory server's.</exception>
    internal static FaktoryContents Read(IEnumerable<RdbValue> values)
    {
        var contents = new FaktoryContents();
        foreach (var value in values)
            contents.Add(value);
        if (contents.Queues.Count == 0 && contents.Processed == 0 && contents._known == 0)
            throw new RdbFormatException(0, $"this is no Faktory server's file: of its {contents.Foreign.Count()} keys none is one of Faktory's");
        return contents;
    }

    void Add(in RdbValue value)
    {
        // The set of names may come after the lists: which of those are queues is known at the end.
        var key = FaktoryKeys.Find(value, Queues, out var name);
        if (key == FaktoryKey.Queue || (value is { Kind: RdbKind.ListItem, Database: 0 }))
        {
            _lists[value.Key] = _lists.GetValueOrDefault(value.Key) + 1;
            if (key == FaktoryKey.Queue)
                AddQueue(value, name);
            return;
        }
        if (key == FaktoryKey.Foreign)
        {
            _foreign.Add(value.Key);
            return;
        }
        _known++;
        switch (key)
        {
            case FaktoryKey.QueueNames: AddQueue(value, Encoding.UTF8.GetString(value.Value)); break;
            case FaktoryKey.PausedNames: Paused.Add(Encoding.UTF8.GetString(value.Value)); break;
            case FaktoryKey.Working: AddWorking(FaktoryJob.ReadWorking(value).Queue, value.Score); break;
            case FaktoryKey.Processed: Processed = Number(value); break;
            case FaktoryKey.Failures: Failures = Number(value); break;
            case FaktoryKey.ProcessedOfDay: AddDay(name, Number(value), 0); break;
            case FaktoryKey.FailuresOfDay: AddDay(name, 0, Number(value)); break;
        }
    }

    void AddQueue(in RdbValue value, string name) =>
        _ = Jobs.Submission.IsQueueName(name) ? Queues.Add(name) : throw new RdbFormatException(value.Offset, $"\"{name}\" cannot be the name of a queue");

    void AddWorking(string queue, double until)
    {
        IsWorkingDescending |= until < _lastWorkingUntil;
        _lastWorkingUntil = until;
        Queues.Add(queue);
        Working[queue] = Working.GetValueOrDefault(queue) + 1;
    }

    void AddDay(string date, long processed, long failures)
    {
        var day = DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        var (processedBefore, failuresBefore) = Days.GetValueOrDefault(day);
        Days[day] = (processedBefore + processed, failuresBefore + failures);
    }

    static long Number(in RdbValue value) =>
        long.TryParse(value.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RdbFormatException(value.Offset, $"\"{value.Key}\" is not a number");
}
